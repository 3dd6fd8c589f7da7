import type { History } from "../history.ts";
import type { Shortcut } from "../model.ts";
import type { CasRegisterInput } from "./cas-register.ts";
import type { Scalar } from "./register.ts";

export function registerShortcut(
  _initial: Scalar,
  _part: History<CasRegisterInput, Scalar | undefined>,
): Shortcut | undefined {
  return undefined;
}
