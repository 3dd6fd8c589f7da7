import type { FunctionDefinition } from "./definitions.ts";
import type { Project } from "./project.ts";

/** What a function does itself that a rule can be about: it writes, locks, retires a token, reads one unverified. */
const ACTS =
  /\.a?(save|create|update|delete|get_or_create|update_or_create|bulk_create|bulk_update|create_user|create_superuser|select_for_update)[(),]|for_update|super\([^)]*\)\.(\w*(save|create|update|delete)\w*|form_valid)\(|\.(blacklist|revoke|invalidate|retire)\w*\(|jwt[\w.]*\.decode\(|TokenRefreshSerializer\(/i;
/** Picks a row that is free; adds to a relation of which it has counted the members. */
const PICKS = /(__isnull|__count|is_free|\bavailable|\bfree)\w*\s*=/;
const ONE = /\.a?(first|last|latest|earliest)\(|\[0\]/;
const ADDS = /\.(add|set|remove|clear)\(/;
const COUNTS = /\.a?(count|exists)\(|\blen\(/;

function acts(text: string): boolean {
  return (
    ACTS.test(text) ||
    (PICKS.test(text) && ONE.test(text)) ||
    (ADDS.test(text) && COUNTS.test(text)) ||
    // What it changes is saved after it.
    /^@\w*\.?receiver\([^)]*\bpre_save\b/m.test(text) ||
    // Validation before a framework's own write (`runImplicitCreate`).
    (/^\s*def (validate(_\w+)?|clean(_\w+)?|has_permission|allow_request|test_func|__call__)\(/.test(text) &&
      /\.objects\b|\.filter\(|_set\b|\.a?(count|exists)\(/.test(text))
  );
}

/**
 * Functions that can have a finding: those that act, and those that call one that may. Who is called is known by
 * name only, so there are some too many, and none too few. The others are analysed where somebody calls them.
 */
export function functionsThatAct(project: Project): ReadonlySet<FunctionDefinition> {
  const all = project.modules.flatMap((one) => one.all);
  const found = new Set(all.filter((one) => acts(one.text())));
  const names = new Set([...found].map(nameOf));
  let rest = all.filter((one) => !found.has(one)).map((fn) => ({ fn, called: calledIn(fn) }));
  for (let grown = true; grown; ) {
    const asked = propertiesIn(found);
    const acting = rest.filter(
      ({ fn, called }) => called.some((name) => names.has(name)) || asked?.test(fn.text()),
    );
    grown = acting.length > 0;
    for (const { fn } of acting) {
      found.add(fn);
      names.add(nameOf(fn));
    }
    if (grown) rest = rest.filter((one) => !found.has(one.fn));
  }
  return found;
}

/** `__init__` runs where the class is called. */
function nameOf({ name, owner }: FunctionDefinition): string {
  return name === "__init__" && owner ? owner.name : name;
}

/** Where a property acts, whoever reads it does. */
function propertiesIn(acting: ReadonlySet<FunctionDefinition>): RegExp | undefined {
  const names = new Set<string>();
  for (const fn of acting)
    if (
      fn.owner &&
      fn.module.source.text.startsWith("@", fn.start) &&
      /^@(\w+\.)*(cached_)?property\b/m.test(fn.head())
    )
      names.add(fn.name);
  return names.size === 0 ? undefined : new RegExp(`\\.(${[...names].join("|")})\\b`);
}

/** Names that are followed by a bracket, in the body: `super().save()` in a `save` is another one's. */
function calledIn(fn: FunctionDefinition): readonly string[] {
  const whole = fn.text();
  const text = whole.slice(whole.indexOf(`${fn.name}(`) + fn.name.length + 1);
  const names = new Set<string>();
  for (let at = text.indexOf("("); at >= 0; at = text.indexOf("(", at + 1)) {
    let from = at;
    while (from > 0 && isWord(text.charCodeAt(from - 1))) from--;
    if (from < at) names.add(text.slice(from, at));
  }
  return [...names];
}

function isWord(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code > 127
  );
}
