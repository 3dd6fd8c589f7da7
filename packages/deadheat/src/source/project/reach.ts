import type { FunctionDefinition } from "./definitions.ts";
import type { Project } from "./project.ts";

/** What a function does itself that a rule can be about: it writes, locks, retires a token, reads one unverified. */
const ACTS =
  /\.a?(save|create|(\w+_)?update|delete|get_or_create|update_or_create|bulk_create|bulk_update|create_user|create_superuser|select_for_update)[(),]|for_update|super\([^)]*\)\.(\w*(save|create|update|delete)\w*|form_valid)\(|\.(blacklist|revoke|invalidate|retire)\w*\(|jwt[\w.]*\.decode\(|TokenRefreshSerializer\(|\bcache\.(set|add)\(/i;
/** Picks a row that is free; adds to a relation of which it has counted the members. */
const PICKS = /(__isnull|__count|is_free|\bavailable|\bfree)\w*\s*=/;
const ONE = /\.a?(first|last|latest|earliest)\(|\[0\]/;
const ADDS = /\.(add|set|remove|clear)\(/;
const COUNTS = /\.a?(count|exists)\(|\blen\(|\bif [\w.]+ (not )?in [\w.]+\.all\(/;

/** A relation is emptied, then filled (`replacedIn`). */
const FILLS_ANEW = /(\w\.\w+)\.clear\(\)[\s\S]*\1\.add\(/;

const NUMBERS_ON =
  /\b(Max|Count)\(|\.(last|first|latest|earliest|count|order_by)\([\s\S]*\+ 1\b|\+ 1\b[\s\S]*\.(last|count)\(/;

/** A step that refuses by what there is, or by what the row is that it is given: the class above may act on that. */
export function mayBeStepThatRefuses(text: string): boolean {
  return (
    /\braise\b|\badd_error\(/.test(text) &&
    /\b(instance|obj)\.\w|\.objects\b|\.filter\(|_set\b|\.a?(count|exists)\(/.test(text)
  );
}

function acts(text: string): boolean {
  return (
    ACTS.test(text) ||
    (/^\s*(@classmethod\s+)?(async )?def \w+\(\s*(self|cls)\b/.test(text) && mayBeStepThatRefuses(text)) ||
    (PICKS.test(text) && ONE.test(text)) ||
    (ADDS.test(text) && COUNTS.test(text)) ||
    FILLS_ANEW.test(text) ||
    // Numbers on from what is there: a default of a field, a row that is validated (`numberedInClean`).
    (NUMBERS_ON.test(text) && /^def \w+\(\)/m.test(text)) ||
    (/^\s*def ((full_)?clean(_fields)?|(pre|before)_?(save|create|insert))\(self/m.test(text) &&
      /\bself(\.instance)?\.\w+ = (self\.|cls\.)?\w+\(|\+ 1\b/.test(text)) ||
    // Made where none was found, and saved by another method (`savedElsewhere`).
    /DoesNotExist:\s+self\.\w+ = [A-Z]\w*\(/.test(text) ||
    // What it changes is saved after it.
    /^@\w*\.?receiver\([^)]*\bpre_save\b/m.test(text) ||
    // What it sends, or has a helper send, may leave before the transaction that has called it commits.
    /^@\w*\.?receiver\(|^\s*def \w+\(((self|cls), )?sender\b/m.test(text) ||
    // Validation before a framework's own write (`runImplicitCreate`, `runImplicitUpdate`).
    (/^\s*def (validate(_\w+)?|clean(_\w+)?|has_permission|allow_request|test_func|__call__)\(/.test(text) &&
      /\bself\.instance\.|\.objects\b|\.filter\(|_set\b|\.a?(count|exists)\(/.test(text))
  );
}

/** Methods of texts, lists, dictionaries and loggers, and what querysets have that only asks. */
const OF_ANY_VALUE = new Set(
  "all append copy count debug decode encode error exception exclude extend filter format get group index info items \
join keys log lower lstrip order_by pop prefetch_related read replace reverse rstrip select_related setdefault sort \
split splitlines startswith strip title upper values values_list warning".split(" "),
);

/** Functions that can have a finding, by how far they are from one that acts itself. */
export interface Reach {
  readonly ranks: readonly (readonly FunctionDefinition[])[];
  /** Properties among them: whoever reads one acts. By their names, with the lowest rank. */
  readonly properties: ReadonlyMap<string, number>;
}

/**
 * Functions that can have a finding: those that act, and those that call one that may. Who is called is known by
 * name only, so there are some too many, and none too few. The others are analysed where somebody calls them.
 */
export function functionsThatAct(project: Project): ReadonlySet<FunctionDefinition> {
  return new Set(reachOf(project).ranks.flat());
}

export function reachOf(project: Project): Reach {
  const all = project.modules.flatMap((one) => one.all);
  const ranks = [all.filter((one) => acts(one.text()))];
  const properties = new Map<string, number>();
  const acting = new Set(ranks[0]);
  let rest = all.filter((one) => !acting.has(one)).map((fn) => ({ fn, called: calledIn(fn) }));
  for (;;) {
    const rank = ranks.length - 1;
    // Of those before, it is known that nobody who is left asks for them.
    const names = new Set(ranks[rank]!.flatMap(callsThatMean));
    const added = ranks[rank]!.filter((fn) => !properties.has(fn.name) && isProperty(fn)).map(
      (fn) => fn.name,
    );
    for (const name of added) properties.set(name, rank);
    const asked = askedFor([...new Set(added)]);
    const next = rest.filter(
      ({ fn, called }) => called.some((name) => names.has(name)) || asked?.test(fn.text()),
    );
    if (next.length === 0) return { ranks, properties };
    for (const { fn } of next) acting.add(fn);
    ranks.push(next.map((one) => one.fn));
    rest = rest.filter((one) => !acting.has(one.fn));
  }
}

/** The rank of one function where the others have theirs: `calls` and `properties` say of what rank. */
export function rankOf(
  fn: FunctionDefinition,
  calls: ReadonlyMap<string, number>,
  properties: ReadonlyMap<string, number>,
): number | undefined {
  const text = fn.text();
  if (acts(text)) return 0;
  const ranks = calledIn(fn).flatMap((call) => calls.get(call) ?? []);
  for (const [name, rank] of properties) if (askedFor([name])?.test(text)) ranks.push(rank);
  return ranks.length === 0 ? undefined : Math.min(...ranks) + 1;
}

/**
 * How a call of `fn` is written, as `calledIn` has it: by its name, or by `.name`. A method is never called by its name
 * alone (`list(…)` is not the `list` of a view). `__init__` runs where the class is called.
 */
export function callsThatMean({ name, qualified }: Pick<FunctionDefinition, "name" | "qualified">): string[] {
  const [around] = qualified.split(".").slice(-2, -1);
  if (around === undefined) return [name, `.${name}`];
  if (name === "__init__") return [around, `.${around}`];
  return isClassName(around) ? [`.${name}`] : [name, `.${name}`];
}

function isClassName(name: string): boolean {
  return /^_*[A-Z]/.test(name);
}

/** Where a property acts, whoever reads it does. */
export function isProperty(fn: FunctionDefinition): boolean {
  return (
    fn.qualified !== fn.name &&
    fn.module.source.text.startsWith("@", fn.start) &&
    /^@(\w+\.)*(cached_)?property\b/m.test(fn.head())
  );
}

function askedFor(names: readonly string[]): RegExp | undefined {
  return names.length === 0 ? undefined : new RegExp(`\\.(${names.join("|")})\\b`);
}

/**
 * Names that are followed by a bracket, in the body, with the dot before them: `super().save()` in a `save` is another
 * one's. What values of Python and querysets have (`found.get(…)`) is a project's own only of an object that says so.
 */
export function calledIn(fn: FunctionDefinition): readonly string[] {
  const whole = fn.text();
  const text = whole.slice(whole.indexOf(`${fn.name}(`) + fn.name.length + 1);
  const names = new Set<string>();
  for (let at = text.indexOf("("); at >= 0; at = text.indexOf("(", at + 1)) {
    let from = at;
    while (from > 0 && isWord(text.charCodeAt(from - 1))) from--;
    if (from === at) continue;
    const name = text.slice(from, at);
    if (text[from - 1] !== ".") names.add(name);
    else if (!OF_ANY_VALUE.has(name) || OWN.test(text.slice(Math.max(0, from - 60), from)))
      names.add(`.${name}`);
  }
  return [...names];
}

/** `self.`, `super().`, `Class.`, `Class(…).`. */
const OWN = /(\b(self|cls)|\bsuper\([^)]*\)|\b_*[A-Z]\w*(\([^()]*\))?)\.$/;

function isWord(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code > 127
  );
}
