/** A scalar place in a JSON body that a request may fill with a value of its own. */
export interface Slot {
  /** JSON Pointer into the body (RFC 6901). */
  readonly pointer: string;
  readonly type: "integer" | "number" | "string";
  /** A number that travels as text, as DRF writes decimals. */
  readonly numeric?: true;
  readonly required: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly format?: string;
  /** ECMA-262 regular expression, as the document has it. */
  readonly pattern?: string;
  /** The document shows that this is a secret: `format: password`, `writeOnly`, or its name. */
  readonly secret: boolean;
  /** The document fixes the value: an enum or a const. */
  readonly fixed: boolean;
  /** The values of an enum. */
  readonly values?: readonly unknown[];
  /** The document shows a value: an example or a default. */
  readonly shown?: true;
}

/** A body that satisfies its schema, and the places where it may be varied. */
export interface BodyShape {
  readonly mediaType: string;
  readonly required: boolean;
  readonly sample: unknown;
  readonly slots: readonly Slot[];
  /** Scalars of objects that need not be sent: the sample leaves them out. */
  readonly nested?: readonly Slot[];
  /** Booleans that may be set, by JSON Pointer. */
  readonly flags?: readonly string[];
  /** Objects that take any keys, by JSON Pointer. */
  readonly maps?: readonly string[];
}

/** A scalar place in a response. */
export interface Leaf {
  /** JSON Pointer into the body (RFC 6901). */
  readonly pointer: string;
  readonly type: "integer" | "number" | "string" | "boolean";
  readonly format?: string;
  /** How many items a list has: its pointer ends in `/-`, the place after the last one (RFC 6901 §4). */
  readonly count?: true;
}

export interface Location {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1. */
  readonly column: number;
}

/** One OpenAPI operation: method and path template. */
export interface Operation {
  /** `operationId` where the document gives one, else `METHOD /path`. */
  readonly id: string;
  /** Upper case. */
  readonly method: string;
  /** The path template, with the server's base path in front. */
  readonly path: string;
  readonly operationId?: string;
  /** operationId, summary, tags and path in one text: a source of hints, never of proof. */
  readonly words: string;
  /** Columns by which it gives an object to another owner, where the source is known to. */
  readonly owner?: readonly string[];
  /** Bearer schemes of which one suffices; empty where the operation needs no credential. */
  readonly bearer: readonly string[];
  /** The operation can be called without any credential. */
  readonly open: boolean;
  /** It says nothing of its security itself: what applies is the document's. */
  readonly inherits?: true;
  readonly pathParameters: readonly string[];
  /** By path parameter, the id of the operation that makes what it names, where the path alone does not tell. */
  readonly makers?: Readonly<Record<string, string>>;
  /** What the document says of each path parameter that is a scalar. */
  readonly pathSlots?: Readonly<Record<string, Slot>>;
  /** Query and header parameters without which the operation cannot be called, with a value to send. */
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** Headers that want a text of their own in each request (`Idempotency-Key`). */
  readonly freshHeaders: readonly string[];
  /** It takes `If-Match`: the write is for what was read, and for nothing newer (RFC 9110 §13.1.1). */
  readonly conditional?: true;
  /** A required parameter for which the document offers no value. */
  readonly unfillable?: string;
  /** Required texts of the query for which the document offers no value: a link's token, for example. */
  readonly queryTexts?: readonly string[];
  /** Texts in headers for which the document offers no value, if required or meant for a refresh token. */
  readonly headerTexts?: readonly string[];
  /** Cookies that the document names, as parameters or as a security scheme. */
  readonly cookies?: readonly string[];
  readonly body?: BodyShape;
  /** Leaves of the 2xx answers; absent where the document does not describe them. */
  readonly leaves?: readonly Leaf[];
  /** Declared answers: `201`, `4XX`, `default`. */
  readonly statuses: readonly string[];
  readonly location: Location;
}

/** `{name}` of `/plans/{id}/shares/{name}`: what tells the object that is acted on from those beside it. */
export function lastParameterOf({ path }: Pick<Operation, "path">): string | undefined {
  return path.match(/\{([^}]+)\}(?!.*\{)/)?.[1];
}

/** How people write it: `POST /coupons/{code}/redeem`. */
export function operationName(operation: Pick<Operation, "method" | "path">): string {
  return `${operation.method} ${operation.path}`;
}
