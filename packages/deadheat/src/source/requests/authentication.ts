import { attributeOf } from "../effects/attributes.ts";
import { callDefinition } from "../effects/call-definition.ts";
import type { Effect } from "../effects/effect.ts";
import type { Run } from "../effects/run.ts";
import type { Row, Site } from "../effects/values.ts";
import { type LibraryAuthenticator, libraryAuthenticator } from "../facts/authenticators.ts";
import { classNamed } from "../project/class-named.ts";
import type { ClassDefinition } from "../project/definitions.ts";
import type { Route } from "../project/routes.ts";

/** How a request's credential is checked before its handler runs. */
export interface Authentication {
  /** Last part of the authenticator's name. */
  readonly name: string;
  /** Where the project's own does it. */
  readonly site?: Site;
  /** What it reads of the database. */
  readonly reads: readonly Effect[];
  readonly library?: LibraryAuthenticator;
}

/** Of DRF's `authenticate()`, what projects replace. */
const PARTS = ["authenticate", "authenticate_credentials", "get_validated_token", "get_user"];

/** Walks through the first authenticator of the route that takes a token. */
export function authenticate(run: Run, route: Route, request: Row): Authentication | undefined {
  const { project } = run.program;
  for (const dotted of route.authenticators) {
    const name = dotted.split(".").at(-1) as string;
    const cls = classNamed(project, route.view?.module ?? route.entry?.module ?? route.module, dotted);
    const library = libraryOf(run, cls, dotted);
    const own = cls ? PARTS.flatMap((part) => project.method(cls, part) ?? []) : [];
    if (!library && own.length === 0) continue;
    const from = run.effects.length;
    const [first] = own;
    if (cls && first) {
      const self = run.row("self", `#${name}`, { cls, parameter: "self" });
      const carried = first.name === "authenticate" ? request : attributeOf(run, request, "headers", first);
      for (const method of first.name === "authenticate" ? [first] : own)
        callDefinition(run, method, self, [carried], method, {});
    }
    const reads = run.effects.slice(from).filter((one) => one.query && !one.deferred);
    return {
      name,
      reads,
      ...(first ? { site: reads[0]?.site ?? { fn: first, start: first.start, end: first.end } } : {}),
      ...(library ? { library } : {}),
    };
  }
  return undefined;
}

function libraryOf(
  { program }: Run,
  cls: ClassDefinition | undefined,
  dotted: string,
): LibraryAuthenticator | undefined {
  if (!cls) return libraryAuthenticator(dotted);
  const { external } = program.project.lineage(cls);
  // Who looks the credential up in a way of its own does not ask the library's table.
  const replaces = program.project.method(cls, "authenticate_credentials") !== undefined;
  return replaces ? undefined : external.map(libraryAuthenticator).find((one) => one !== undefined);
}
