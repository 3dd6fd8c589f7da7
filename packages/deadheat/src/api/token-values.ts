/**
 * A test has its tokens in variables; a race file may not hold any. What is given as `{ value }` becomes a secret from
 * an environment that only this race sees, so that from there on it is kept like every other.
 */
export function withoutValues(scenario: object): {
  readonly scenario: object;
  readonly env: Readonly<Record<string, string>>;
} {
  const env: Record<string, string> = {};
  const hidden = (given: unknown) => {
    const value =
      typeof given === "object" && given !== null ? (given as { value?: unknown }).value : undefined;
    if (typeof value !== "string") return given;
    const name = `race_token_${Object.keys(env).length + 1}`;
    env[name] = value;
    return { env: name };
  };
  const { principals } = scenario as { principals?: unknown };
  if (typeof principals !== "object" || principals === null) return { scenario, env };
  const entries = Object.entries(principals).map(([name, one]) => {
    if (typeof one !== "object" || one === null) return [name, one];
    const { token, tokens, ...rest } = one as { token?: unknown; tokens?: unknown };
    return [
      name,
      {
        ...rest,
        ...(token === undefined ? {} : { token: hidden(token) }),
        ...(tokens === undefined ? {} : { tokens: Array.isArray(tokens) ? tokens.map(hidden) : tokens }),
      },
    ];
  });
  return { scenario: { ...scenario, principals: Object.fromEntries(entries) }, env };
}
