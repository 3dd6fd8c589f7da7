/** What an operation does, as a reader of its document would say. */
export type Kind = "read" | "create" | "replace" | "patch" | "delete" | "action";

/**
 * Its part in the life of a token. `login` gives one for something that is none, `refresh` for an older one; `revoke`
 * ends tokens or sessions; `password` sets another password for who has the old one or a session; `one-time-code`
 * sends a code or takes one that is spent by it. What only looks at a token has none.
 */
export type Lifecycle = "login" | "refresh" | "revoke" | "password" | "one-time-code";

/**
 * Path parameter → the operation that makes what it names and tells its identifier, or, where the answer is empty,
 * that was sent it; `null` where no operation of the document does, or where several do and nothing says which.
 */
export type Links = Readonly<Record<string, string | null>>;

/** One operation, read by hand: `METHOD /path` as the document writes it, without the servers' path. */
export type Label = readonly [operation: string, kind: Kind, lifecycle: Lifecycle | null, links?: Links];

/** A published document. It is installed when the test runs and never copied here. */
export interface LabelledDocument {
  /** npm package with its exact version. */
  readonly source: string;
  /** Inside of the package. */
  readonly file: string;
  readonly labels: readonly Label[];
}
