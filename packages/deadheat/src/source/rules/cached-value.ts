import { type Effect, precedes } from "../effects/effect.ts";
import { isArithmetic, isHarmless, isStrong } from "./acts.ts";
import { explain } from "./explain.ts";
import { lockOfAnother } from "./lock-of-another.ts";
import type { Candidate, RuleContext, SourceRule } from "./rule.ts";

export const cachedValue: SourceRule = {
  id: "cached-value",
  weakness: "limit-overrun",
  title: "an entry of the cache is read, then set by what was read",
  severity: "medium",
  why: "Between get() and set() another request reads the same entry. A count then misses one, and of two that look for a mark that is not there, both go on.",
  fix: "Let the cache do both: cache.incr(key) after cache.add(key, 0, timeout) for a count; if not cache.add(key, True, timeout): return for a mark; an entry of its own for each thing that is added. What must hold for certain belongs into the database.",
  never: [
    "`incr()` and `add()`",
    "a value that is computed anew and kept",
    "a lock that is held around both",
  ],
  examples: {
    racy: [
      `def login(request):
    failures = cache.get("failures", 0)
    if failures > 3:
        return HttpResponse(status=429)
    cache.set("failures", failures + 1)
`,
      `def notify(user):
    if cache.get(f"notified-{user.pk}"):
        return
    cache.set(f"notified-{user.pk}", True, 3600)
    send_mail("news", "there is some", None, [user.email])
`,
      `def note(text):
    notes = cache.get("notes", [])
    notes.append(text)
    cache.set("notes", notes)
`,
    ],
    safe: [
      `def login(request):
    cache.add("failures", 0, 300)
    if cache.incr("failures") > 3:
        return HttpResponse(status=429)
`,
      `def notify(user):
    if not cache.add(f"notified-{user.pk}", True, 3600):
        return
    send_mail("news", "there is some", None, [user.email])
`,
      `def total(day):
    found = cache.get(f"total-{day}")
    if found is None:
        found = Sale.objects.filter(day=day).count()
        cache.set(f"total-{day}", found)
    return found
`,
    ],
  },
  *find(context) {
    for (const write of context.effects) {
      if (write.kind !== "cache-set" || write.locks.length > 0) continue;
      const found = counted(write) ?? addedTo(write) ?? marked(context, write);
      if (found) yield found;
    }
    yield* addedUnasked(context);
    yield* lockOfAnother(context);
  },
};

const NOTHING = { coverage: "none" } as const;

/** `cache.set(key, cache.get(key) + 1)`. */
function counted(write: Effect): Candidate | undefined {
  const stored = write.fields?.get("value");
  if (!stored || !isArithmetic(stored.value)) return undefined;
  const read = readOf(write, stored.deps);
  if (!read || isMadeForNone(write, read)) return undefined;
  return explain(write, {
    message: "a count in the cache is read, changed in Python and set: of two requests at once, one is lost",
    because: "nothing makes a second request wait between get() and set()",
    protection: NOTHING,
    read: read.site,
  });
}

/** `names = cache.get(key, []); names.append(name); cache.set(key, names)`: what another has added meanwhile is gone. */
function addedTo(write: Effect): Candidate | undefined {
  const stored = write.fields?.get("value");
  if (stored?.value.kind !== "row" || stored.value.parent) return undefined;
  const read = readOf(write, stored.value.deps);
  if (!read || stored.value.deps.length !== 1 || read.site.fn !== write.site.fn) return undefined;
  const { text } = write.site.fn.module.source;
  const name = /,\s*(\w+)\s*[,)]/.exec(text.slice(write.site.start, write.site.end))?.[1];
  const between = text.slice(read.site.end, write.site.start);
  if (!name || !new RegExp(`\\b${name}${CHANGES_IN_PLACE}`).test(between)) return undefined;
  return explain(write, {
    message:
      "an entry of the cache is read, added to in Python and set: what another request has added meanwhile is lost",
    because: "nothing makes a second request wait between get() and set()",
    protection: NOTHING,
    read: read.site,
    severity: "low",
  });
}

const CHANGES_IN_PLACE =
  "(\\.(append|extend|insert|add|update|pop|remove|discard|setdefault)\\(|\\[[^\\]]*\\]\\s*[-+|]?=(?!=))";

/** `if cache.get(key): return`, then `cache.set(key, True)` and what is meant to happen once. */
function marked({ effects }: RuleContext, write: Effect): Candidate | undefined {
  const value = write.fields?.get("value")?.value;
  if (value?.kind !== "scalar" || value.literal === undefined) return undefined;
  for (const test of write.guards) {
    const read = readOf(write, test.deps);
    const acts = effects.filter(
      (one) =>
        isStrong(one) &&
        !isHarmless(one.name) &&
        one.guards.some((guard) => guard.id === test.id) &&
        (precedes(one, write) || precedes(write, one)),
    );
    const [act] = acts;
    if (!read || !act) continue;
    return explain(write, {
      message: "a mark in the cache is looked for, then set: two requests both find none, and both go on",
      because: "nothing makes a second request wait between get() and set()",
      protection: NOTHING,
      read: read.site,
      test,
      also: [act],
      // What is gone is gone: deleted once more, nothing is.
      ...(acts.every((one) => one.kind === "delete") ? { severity: "low" as const } : {}),
    });
  }
  return undefined;
}

/** `seen = cache.get(nonce); cache.add(nonce, True); return seen`: what `add()` answers is what was to be asked. */
function* addedUnasked({ effects, guards, analysis }: RuleContext): Generator<Candidate> {
  for (const add of effects) {
    if (add.kind !== "cache-add" || add.locks.length > 0 || add.trail.length > 0) continue;
    const read = effects.find((one) => one.kind === "cached" && one.name === add.name && precedes(one, add));
    if (!read) continue;
    const isAbout = ({ deps }: { readonly deps: Effect["deps"] }) =>
      deps.some((one) => one.kind === "query" && one.effect === read);
    const { result } = analysis.summary;
    // Added where none was found, it is what was to be kept.
    if (add.guards.some(isAbout) || !(guards.some(isAbout) || (result && isAbout(result)))) continue;
    const found = explain(add, {
      message:
        "a mark in the cache is looked for, then added: two requests both find none, and add() tells nobody which was first",
      because: "add() says whether there was one, and is not asked",
      protection: NOTHING,
      read: read.site,
      severity: "medium",
    });
    // Its callers are told what get() has found.
    yield { ...found, at: read, site: add.site };
  }
}

/** The `get()` of the same entry that it depends on. */
function readOf(write: Effect, deps: Effect["deps"]): Effect | undefined {
  for (const atom of deps)
    if (atom.kind === "query" && atom.effect.kind === "cached" && atom.effect.name === write.name)
      return atom.effect;
  return undefined;
}

/** `if found: return found`, and only then it is made: nothing is added to what is there. */
function isMadeForNone({ guards, steps }: Effect, read: Effect): boolean {
  return guards.some(({ ordered, missing, branch }) => {
    const none = ordered ? undefined : missing.get(read);
    return none !== undefined && steps.some((one) => one.branch === branch && one.arm === none);
  });
}
