import type { CustomContext } from "./context.ts";

const SECRET_NAME = /pass|secret|token|code|pin$|key$|session|cookie|authorization/i;
const LONGEST = 40;
const MOST_ITEMS = 6;

/** `stock = -1, sold = 2`: what may be shown of a state. Texts that are or may be secret are `…`. */
export function stateText(
  { cast }: Pick<CustomContext, "cast">,
  state: Readonly<Record<string, unknown>>,
): string {
  const parts = Object.entries(state).map(([name, value]) => `${name} = ${valueText(cast, name, value)}`);
  return parts.length === 0 ? "nothing" : parts.join(", ");
}

function valueText(cast: CustomContext["cast"], name: string, value: unknown): string {
  if (value === null || typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "string") {
    const secret = SECRET_NAME.test(name) || value.length > LONGEST || cast.keepsSecret(value);
    return secret ? "…" : JSON.stringify(value);
  }
  if (!Array.isArray(value)) return "{…}";
  const items = value.slice(0, MOST_ITEMS).map((one) => valueText(cast, name, one));
  return `[${[...items, ...(value.length > MOST_ITEMS ? ["…"] : [])].join(", ")}]`;
}
