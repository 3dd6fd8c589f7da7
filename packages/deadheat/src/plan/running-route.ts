/** A class, by its dotted name, or a constant. */
export type ViewArgument = { readonly class: string } | { readonly value: string | number | boolean | null };

/** One route as a running Django project has it, computed ones among them. */
export interface RunningRoute {
  readonly patterns: readonly { readonly kind: "route" | "regex"; readonly text: string }[];
  /** Dotted name of the innermost function. */
  readonly function: string;
  /** Dotted name of the view's class, and of those above it. */
  readonly view?: string;
  readonly bases?: readonly string[];
  /** Method, in lower case → name of its handler. */
  readonly actions?: Readonly<Record<string, string>>;
  /** What `as_view()` was given, as far as it is a class or a constant. */
  readonly arguments?: Readonly<Record<string, ViewArgument>>;
  /** A view of Django REST framework's. */
  readonly rest?: boolean;
  readonly authenticators?: readonly { readonly name: string; readonly bases: readonly string[] }[];
  readonly permissions?: readonly string[];
}
