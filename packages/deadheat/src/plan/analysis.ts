import type { Location } from "./operation.ts";

/** What an operation does to state. */
export type OperationKind = "read" | "create" | "replace" | "patch" | "delete" | "action";

/** The part that an operation has in the life of a token. */
export type TokenLifecycle = "login" | "refresh" | "revoke" | "password" | "one-time-code";

/** One credential that an operation asks for. */
export interface SecurityRequirement {
  /** Name of the scheme in the document. */
  readonly scheme: string;
  readonly kind:
    | "bearer"
    | "basic"
    | "http"
    | "oauth2"
    | "openIdConnect"
    | "apiKey"
    | "mutualTLS"
    | "unknown";
  /** Where it travels: `header authorization`, `query api_key`, `cookie session`. */
  readonly place?: string;
  readonly scopes: readonly string[];
}

/** Where a value for a parameter comes from. */
export interface LinkFact {
  /** Id of the operation that makes it. */
  readonly producer: string;
  readonly consumer: string;
  readonly parameter: string;
  readonly place: "path" | "body";
  /** What in the document says so. */
  readonly via: LinkEvidence;
  /** Where the value is in the producer's answer or request, as a JSON Pointer; absent where it is not told. */
  readonly pointer?: string;
}

export type LinkEvidence =
  | "openapi-link"
  | "location"
  | "x-deadheat"
  | "token-endpoint"
  | "response"
  | "container"
  | "request"
  | "chosen-name";

/** A parameter that nothing fills, and why. */
export interface Unlinked {
  readonly consumer: string;
  readonly parameter: string;
  readonly reason: string;
}

/** A place in the document and what it says. */
export interface Evidence {
  readonly text: string;
  readonly location?: Location;
}

/** One request as a scan would send it. `${name}` stands for a value that is had when it runs. */
export interface PlannedRequest {
  readonly phase: "credential" | "set-up" | "race" | "observe" | "clean-up";
  readonly method: string;
  /** From the origin on. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** How often in one trial. */
  readonly times: { readonly least: number; readonly most: number };
  readonly mutates: boolean;
}

/** How a candidate would be raced. Nothing of it has been sent. */
export interface RacePlan {
  /** The trials that `deadheat scan` runs unless told otherwise; a proof ends them early. */
  readonly trials: number;
  readonly requests: readonly PlannedRequest[];
  /** Requests that change state, in one trial. */
  readonly mutationsPerTrial: { readonly least: number; readonly most: number };
  /** The same of all trials, at most; what is called one at a time to learn how the API behaves comes on top. */
  readonly mutations: number;
  /** The worst that these requests do, in words. */
  readonly sideEffect: string;
}

export interface PlannedOperation {
  readonly id: string;
  readonly method: string;
  /** As the document writes it, without the servers' path. */
  readonly path: string;
  readonly operationId?: string;
  /** Alternatives, of each of which all parts are needed; empty where it is open to all. */
  readonly security: readonly (readonly SecurityRequirement[])[];
  readonly kind: OperationKind;
  readonly tokenLifecycle: TokenLifecycle | null;
  /** What speaks for its part in the life of a token. */
  readonly evidence?: readonly string[];
  /** What it documents against concurrent changes: `If-Match`, `ETag`, `409`, `Idempotency-Key`. */
  readonly controls?: readonly string[];
  readonly location: Location;
}

export interface PlannedCandidate {
  readonly weakness: string;
  /** Ids: the operation that is raced first, then those that it races with or is seen by. */
  readonly operations: readonly string[];
  readonly severity: "high" | "medium" | "low";
  readonly confidence: "high" | "medium" | "low";
  /** What in the document speaks for it. */
  readonly reasons: readonly string[];
  readonly location: Location;
  readonly plan?: RacePlan;
  /** Why there is no plan. */
  readonly reason?: string;
}

/** What `deadheat plan` tells (DESIGN §12). */
export interface Analysis {
  readonly schema: "deadheat/plan/1";
  readonly document: string;
  readonly version: string;
  /** Path of the first server, which stands in front of every path. */
  readonly basePath: string;
  readonly operations: readonly PlannedOperation[];
  readonly links: readonly LinkFact[];
  readonly unlinked: readonly Unlinked[];
  readonly candidates: readonly PlannedCandidate[];
  /** The document has syntax that was not understood: what follows from the rest of it is told. */
  readonly broken: boolean;
  readonly problems: readonly { readonly message: string; readonly location: Location }[];
}
