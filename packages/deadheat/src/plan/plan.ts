import type { ObjectRecipe } from "./credential.ts";
import type { Operation, Slot } from "./operation.ts";

/** A path parameter and where a value for it comes from. */
export type Link = ProducerLink | RecipeLink;

/** The operation whose answer holds it. */
export interface ProducerLink {
  readonly parameter: string;
  readonly producer: Operation;
  /** Where in the producer's answer the value may be, likeliest first. */
  readonly pointers: readonly string[];
  /** Takes what was made away again; its last path parameter is the one that is linked. */
  readonly remover?: Operation;
  /** Its body names the principal as it was registered: a code is for this user, not for a new one. */
  readonly forPrincipal?: true;
  /** The answer does not hold it: it is sent by mail. */
  readonly mailed?: true;
}

/** The user's own recipe in deadheat.yaml. */
export interface RecipeLink {
  readonly parameter: string;
  readonly recipe: ObjectRecipe;
}

/** A scalar of the body that names an object, and the operation that makes one. */
export interface Reference extends ProducerLink {
  /** Place in the body (RFC 6901); `parameter` is its name, and that of the path parameter in its observers. */
  readonly slot: Slot;
  /** The path parameter whose producer gave this in the same answer. */
  readonly beside?: string;
  /** The place is the query's parameter of this name, not the body. */
  readonly inQuery?: true;
}

/** How an operation can be called: which objects must exist first, and what shows its effect. */
export interface Act {
  readonly operation: Operation;
  readonly scheme: string;
  /** One link a path parameter of the operation and of its observers. */
  readonly links: readonly Link[];
  /** A path parameter that its caller chooses: `PUT /plans/{id}/shares/{name}` makes the share of that name. */
  readonly chosen?: { readonly parameter: string; readonly slot: Slot };
  /** Objects that the body names. */
  readonly references: readonly Reference[];
  /**
   * The operation needs nothing but a token, so it may be the one that ends it: by what the document calls
   * it, or for all that is known. Matters where the token is the user's own.
   */
  readonly mayEndToken?: "named" | "unnamed";
  /** Texts of the body are sent as the document has them: others were refused. */
  readonly texts?: "documented";
  /** All its calls on one fixture are one request repeated: they carry the same Idempotency-Key. */
  readonly repeats?: true;
  /** Reads under the same scheme that may show what the operation changed, likeliest first. */
  readonly observers: readonly Operation[];
}

/** An object that an operation makes, and how it is read by its own name. */
export interface MadeObject {
  readonly read: Operation;
  /** The last path parameter of the read. */
  readonly parameter: string;
  /** Where in the answer the identifier may be, likeliest first. */
  readonly pointers: readonly string[];
}

/** Where in a request a credential travels: a place of the body, a header of its own, or where access tokens go. */
export type Carrier =
  | { readonly slot: Slot }
  | { readonly header: string }
  | { readonly instead: "access token" };

/** A weakness that an operation may have, as far as the document tells. */
export interface Candidate {
  /** Id in the weakness catalogue. */
  readonly weakness: string;
  readonly act: Act;
  /** Operations that may end what the act rests on: the token, a role, the ownership. Likeliest first. */
  readonly rivals?: readonly Operation[];
  /** The read of what the operation makes. */
  readonly made?: MadeObject;
  /** Where the credential goes that is exchanged: a refresh token. */
  readonly takes?: Carrier;
  readonly severity: "high" | "medium" | "low";
  readonly confidence: "high" | "medium" | "low";
  /** What in the document speaks for it, in words. */
  readonly reasons: readonly string[];
}

/** How credentials of one security scheme travel, and how they may be had from the API itself. */
export interface CredentialPlan {
  readonly scheme: string;
  /** Lower case. */
  readonly header: string;
  /** Words that may stand before the token, likeliest first; `""` is none. */
  readonly keywords: readonly string[];
  /** Open operations that may create a principal, likeliest first. */
  readonly registrations: readonly Operation[];
  /** Open operations that may mint a token, likeliest first. */
  readonly logins: readonly Operation[];
  /** Protected reads that tell a good token from a bad one. */
  readonly probes: readonly Operation[];
  /** Operations by which a principal removes itself, likeliest first: `DELETE /users/me`, `DELETE /users/{id}`. */
  readonly removers: readonly Operation[];
}

/** What a document offers to race. Nothing in it has been sent. */
export interface Plan {
  readonly title: string;
  /** As the user named it. */
  readonly document: string;
  /** First server URL of the document, where it has one. */
  readonly server?: string;
  readonly operations: readonly Operation[];
  readonly credentials: readonly CredentialPlan[];
  readonly candidates: readonly Candidate[];
  /** Operations that were left out of the plan, and why. */
  readonly omitted: readonly { readonly operation: Operation; readonly reason: string }[];
}
