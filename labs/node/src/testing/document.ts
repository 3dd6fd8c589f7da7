export interface DocumentOperation {
  readonly method: string;
  readonly path: string;
  /** The scheme of the token that is needed, if any. */
  readonly security: string | undefined;
}

/** What an API document lists. The lab's are laid out so that three patterns do. */
export function operationsOf(text: string): DocumentOperation[] {
  return [...text.matchAll(/^ {2}(\/\S+):\n([\s\S]*?)(?=^ {2}\/|^\S)/gm)].flatMap(([, path, item]) =>
    [...item!.matchAll(/^ {4}(get|post|put|patch|delete):\n([\s\S]*?)(?=^ {4}\w|(?![\s\S]))/gm)].map(
      ([, method, operation]) => ({
        method: method!.toUpperCase(),
        path: path!,
        security: /- (\w+): \[\]/.exec(operation!)?.[1],
      }),
    ),
  );
}

/** The operations of one half, with its name taken out. */
export function halfOf(operations: readonly DocumentOperation[], name: string): string[] {
  return operations
    .filter(({ path }) => path.startsWith(`/${name}/`))
    .map((one) => JSON.stringify(one).replaceAll(name, "HALF"));
}
