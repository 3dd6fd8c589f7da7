/**
 * A text that may be secret. Asked for anew each time: a file may have been rewritten and a command gives a
 * fresh token. Rejects with a DeadheatError where there is none.
 */
export type Secret = () => Promise<string>;

/** A request in which any text may hold `${name}` for a variable of its recipe. */
export interface RequestTemplate {
  /** Upper case. */
  readonly method: string;
  /** Scheme, host and port where that is not the target: a token endpoint elsewhere. The rules for targets hold. */
  readonly origin?: string;
  /** Path and query, from the origin. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as `application/x-www-form-urlencoded`. */
  readonly form?: Readonly<Record<string, string>>;
}

/**
 * One call of a recipe. What `extract` finds in the answer is a variable from then on. Three names mean
 * something: `token`, `refresh_token`, and `expires_in` (seconds, RFC 6749 §5.1).
 */
export interface RecipeStep {
  readonly request: RequestTemplate;
  /** Variable → JSONPath (RFC 9535) into the JSON body. */
  readonly extract: Readonly<Record<string, string>>;
  /** Variables that the answer need not hold: they stay as they were (`refresh_token`, RFC 6749 §5.1). */
  readonly optional?: readonly string[];
}

/**
 * How one principal and its tokens are had. Variables that every recipe knows: `unique`, `email`, `password`
 * and `uuid` (made up, the same for one principal), `token`, `refresh_token`, and `mail.code`. What a step
 * extracted goes before `variables`, which go before what is made up: `variables` may hold the first
 * `refresh_token`, or the `email` and `password` of a user that exists.
 */
export interface PrincipalRecipe {
  /** As the user calls it in deadheat.yaml. */
  readonly name: string;
  /** Security schemes of the document that it serves; all where absent. */
  readonly schemes?: readonly string[];
  /** Header that carries the token, lower case; where absent, as the document says. */
  readonly header?: string;
  /** Word before the token (`Bearer`, DRF's `Token`), `""` for none; where absent, it is found by trying. */
  readonly keyword?: string;
  /** Further headers of each of its requests, an API key for example. Values may hold `${name}`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, Secret>>;
  /** Tokens of this one principal, supplied as they are. */
  readonly tokens: readonly Secret[];
  /** Makes a new principal, each time it is run. */
  readonly register: readonly RecipeStep[];
  /** Gives a token each time it is run. */
  readonly login: readonly RecipeStep[];
  /** Gives a new token for `refresh_token`. */
  readonly refresh: readonly RecipeStep[];
  /** Ends `token`. */
  readonly revoke: readonly RecipeStep[];
  /** Tells whose token it is: the text that `extract.name` finds has to be `expected`, which may hold `${name}`. */
  readonly identity?: { readonly step: RecipeStep; readonly expected: string };
  /** Makes objects for others and is never raced itself. */
  readonly setUpOnly: boolean;
}

/** How an object that a path parameter names is made, where the document does not tell. */
export interface ObjectRecipe {
  /** Path parameter. */
  readonly parameter: string;
  /** Serves only paths that begin with this template (`/coupons/{id}`), where several parameters are called alike. */
  readonly path?: string;
  /** From the environment. Its requests may also name `unique` and `uuid` (anew each time), `token`, and earlier path parameters. */
  readonly variables: Readonly<Record<string, Secret>>;
  /** The variable `value` that its last step extracts (or `unique`, where it does not) fills the parameter. */
  readonly make: readonly RecipeStep[];
  /** Removes it again; `${value}` names it. */
  readonly remove: readonly RecipeStep[];
  /** Name of the principal that makes it; the one that is raced where absent. */
  readonly as?: string;
}

/** Where codes that an API sends by mail are read. */
export interface MailRecipe {
  /** A server on loopback that takes the API's mail; port 0 is a free one. */
  readonly smtp?: { readonly port: number };
  /** A file or a folder that mail is written to (Django's file backend, a maildir). */
  readonly file?: string;
  /** The code is its first group; default: a run of 4 to 10 digits, or the last `[?&](token|code)=` of a link. */
  readonly pattern?: string;
}
