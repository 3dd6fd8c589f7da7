import { controlsOf } from "./controls.ts";
import type { Described } from "./described.ts";

/** Where a key travels under which the same request twice is to have one effect. */
export interface IdempotencyKey {
  readonly header: boolean;
  /** In the body, where it is no header. */
  readonly pointer?: string;
}

/** PUT and DELETE may be repeated as they are (RFC 9110 §9.2.2): a key adds nothing to them. */
export function idempotencyKeyOf(one: Described): IdempotencyKey | undefined {
  if (!/^(POST|PATCH)$/.test(one.operation.method)) return undefined;
  if (controlsOf(one).idempotencyKey) return { header: true };
  const field = one.takes.find((it) => it.depth <= 2 && /^idempotency(key|token)$/.test(it.plain));
  return field && { header: false, pointer: field.pointer };
}
