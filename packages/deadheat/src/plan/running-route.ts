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
  /** A view of Django REST framework's. */
  readonly rest?: boolean;
  readonly authenticators?: readonly { readonly name: string; readonly bases: readonly string[] }[];
  readonly permissions?: readonly string[];
}
