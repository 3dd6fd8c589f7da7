type Scalar = string | number | boolean | null;
export type Leaves = ReadonlyMap<string, Scalar>;

/** Past this an answer is a listing of everything, ms of comparing are worth more. */
const MOST_LEAVES = 2000;

/** Every scalar of a JSON value by its JSON Pointer, those inside of lists included. */
export function leavesIn(value: unknown): Leaves {
  const leaves = new Map<string, Scalar>();
  const walk = (inner: unknown, pointer: string): void => {
    if (leaves.size >= MOST_LEAVES) return;
    if (typeof inner === "object" && inner !== null) {
      for (const [key, one] of Object.entries(inner))
        walk(one, `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`);
    } else if (inner !== undefined) leaves.set(pointer, inner as Scalar);
  };
  walk(value, "");
  return leaves;
}

/**
 * What only its owner is shown. A read that answers everybody alike has none of it, whatever its document
 * declares; and an answer with an error in place of the data does not hold it.
 */
export interface OwnData {
  /** What the owner is shown each time. */
  readonly stable: Leaves;
  /** Of that, what somebody else is not shown in the same place, and the request itself does not say. */
  readonly own: Leaves;
}

/** `contrasts`: what others are shown of theirs. `carried`: values that stand in the request, as an id in its path. */
export function ownData(
  shown: readonly unknown[],
  contrasts: readonly unknown[],
  carried: readonly string[],
): OwnData {
  const [first = new Map(), ...rest] = shown.map(leavesIn);
  const others = contrasts.map(leavesIn);
  const stable = new Map([...first].filter(([key, value]) => rest.every((one) => one.get(key) === value)));
  const own = new Map(
    [...stable].filter(
      ([key, value]) =>
        others.length > 0 &&
        others.every((one) => one.get(key) !== value) &&
        !carried.some((text) => String(value) === text || String(value).endsWith(`/${text}`)),
    ),
  );
  return { stable, own };
}

/** All that is stable has to be there: an answer that differs from the owner's is another answer. */
export function holds({ stable, own }: OwnData, body: unknown): boolean {
  if (own.size === 0) return false;
  const leaves = leavesIn(body);
  return [...stable].every(([key, value]) => leaves.get(key) === value);
}

/** For reports: `/username, /score`. Names only. */
export function namesOf(leaves: Leaves): string {
  const names = [...leaves.keys()].slice(0, 4).map((one) => (one === "" ? "the whole answer" : one));
  return `${names.join(", ")}${leaves.size > names.length ? ", …" : ""}`;
}
