import type { Described } from "../facts/described.ts";
import type { Field } from "../facts/fields.ts";
import type { Wanted } from "./request.ts";

const MOST_DEPTH = 4;

/** The place of a producer's answer that holds the identifier; `undefined` where none may. */
export function identifierIn(producer: Described, wanted: Wanted): Field | undefined {
  const fields = producer.gives ?? [];
  return best(fields, rankFor(wanted, soleWrapper(fields)));
}

/** `{ video: { id } }`: what the answer is all about, whatever it is called. */
function soleWrapper(fields: readonly Field[]): string | undefined {
  const [first] = fields;
  const name = first?.wrapper[0];
  return name !== undefined && fields.every((field) => field.wrapper[0] === name) ? name : undefined;
}

/** The place of a producer's body in which its caller names what it makes. */
export function namedInRequest(producer: Described, { parameter, stem, key }: Wanted): Field | undefined {
  const names = new Set([plainName(parameter), stem + key].filter((one) => one.length > 2));
  return producer.takes.find((field) => field.depth <= 2 && names.has(field.plain));
}

function best(fields: readonly Field[], rank: (field: Field) => number): Field | undefined {
  let found: Field | undefined;
  let lowest = Number.POSITIVE_INFINITY;
  for (const field of fields) {
    const value = rank(field);
    // Of two that are called alike, the one that is less deep is the object's own.
    const total = value * 10 + field.depth;
    if (value < UNFIT && total < lowest) {
      found = field;
      lowest = total;
    }
  }
  return found;
}

const UNFIT = 9;

/** 0 is best. Objects nested in an answer have ids of their own: those count only below the object's own name. */
function rankFor({ parameter, stem, noun, key }: Wanted, sole: string | undefined): (field: Field) => number {
  const whole = plainName(parameter);
  const about = new Set([stem, noun].filter((one) => one !== ""));
  return ({ plain, depth, wrapper, type }) => {
    if (depth > MOST_DEPTH || (type !== undefined && !/^(string|integer|number)$/.test(type))) return UNFIT;
    const own = wrapper.every((one, index) => isWrapper(one, about) || (index === 0 && one === sole));
    if (!own) return UNFIT;
    if (plain === whole) return 0;
    if (plain === key && key !== "id" && stem !== "") return 1;
    if (plain === "id" || plain === "uuid" || plain === "guid") return 2;
    if (about.has(plain.replace(/(id|uuid|key|code|number|slug|name)$/, "")) && plain !== [...about][0])
      return 3;
    return whole === "number" || whole === "name" || key === plain ? 4 : UNFIT;
  };
}

const WRAPPER =
  /^(data|items?|results?|response|payload|body|object|content|value|attributes|entity|record|records|links?created|created)$/;

function isWrapper(name: string, about: ReadonlySet<string>): boolean {
  if (WRAPPER.test(name)) return true;
  for (const one of about) if (name.startsWith(one)) return true;
  return false;
}

function plainName(name: string): string {
  return name.replace(/[^A-Za-z0-9]/g, "").toLowerCase();
}
