import { isObject } from "../document/json.ts";
import type { Described } from "./described.ts";

/** What an operation's documentation shows against concurrent changes. */
export interface ConcurrencyControls {
  /** It takes `If-Match` or `If-Unmodified-Since` (RFC 9110 §13.1). */
  readonly precondition: boolean;
  /** It answers with an `ETag` or `Last-Modified`. */
  readonly validator: boolean;
  /** A place of its body or answer that counts versions. */
  readonly version?: string;
  readonly idempotencyKey: boolean;
  /** Of 409, 412, 428 and 429, those that it documents. */
  readonly statuses: readonly string[];
}

const VERSION =
  /^(version|etag|revision|rev|lockversion|rowversion|resourceversion|versionnumber|updatetoken|concurrencytoken|fingerprint|sha)$/;

export function controlsOf(one: Described): ConcurrencyControls {
  const { responses } = one.node;
  const statuses = Object.keys(isObject(responses) ? responses : {});
  const version = one.takes.find((field) => field.depth <= 2 && VERSION.test(field.plain));
  return {
    precondition: one.parameters.some(
      (it) => it.place === "header" && /^if-(match|unmodified-since)$/i.test(it.name),
    ),
    validator: one.headers.some((name) => name === "etag" || name === "last-modified"),
    ...(version ? { version: version.pointer } : {}),
    idempotencyKey: one.parameters.some((it) => /^(x-)?idempotency-?key$/i.test(it.name)),
    statuses: statuses.filter((status) => ["409", "412", "428", "429"].includes(status)),
  };
}
