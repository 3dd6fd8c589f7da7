/** What was read, as it is told. */
export function outputText(output: unknown): string {
  return typeof output === "string" ? output : JSON.stringify(output);
}
