import type { Effect, Guard } from "../effects/effect.ts";
import { protectionOf, protects } from "../effects/protection.ts";
import type { Atom, Row } from "../effects/values.ts";
import { CLOCK, NOTES_TIME } from "../facts/names.ts";
import type { Models } from "../project/models.ts";
import { explain } from "./explain.ts";
import { isConditional, isNormalisation } from "./read-modify-write.ts";
import { isWrittenIfDifferent } from "./replaced.ts";
import type { Candidate, RuleContext, SourceRule } from "./rule.ts";

export const versionInPython: SourceRule = {
  id: "version-in-python",
  weakness: "lost-update",
  title: "a version or a time is compared in Python, then the row is saved",
  severity: "medium",
  why: "The comparison says that nobody has changed the row since it was seen. Two requests that compare before either saves are both told so, and the later save puts the earlier one back.",
  fix: 'Let the database compare: Model.objects.filter(pk=row.pk, version=seen).update(..., version=F("version") + 1), and go on only if it changed one row; or compare on a row read with select_for_update() inside transaction.atomic().',
  never: [
    "the version in the filter of an `update()`",
    "a row read under a lock in the transaction that saves it",
    "a time that is compared with the clock: due or expired",
    "a version that is compared with what is written down: that is a name",
  ],
  examples: {
    racy: [
      `def edit(note, text, version):
    if note.version != version:
        raise Conflict()
    note.text = text
    note.save()
`,
      `def take_over(pk, remote):
    contact = Contact.objects.get(pk=pk)
    if contact.modified_at < remote.modified_at:
        contact.phone = remote.phone
        contact.save(update_fields=["phone"])
`,
    ],
    safe: [
      `def edit(request, pk):
    seen = int(request.POST["version"])
    text = request.POST["text"]
    if not Note.objects.filter(pk=pk, version=seen).update(text=text, version=F("version") + 1):
        return HttpResponse(status=409)
`,
      `@transaction.atomic
def take_over(pk, remote):
    contact = Contact.objects.select_for_update().get(pk=pk)
    if contact.modified_at < remote.modified_at:
        contact.phone = remote.phone
        contact.save(update_fields=["phone"])
`,
      `def rename(request, pk):
    link = Link.objects.get(pk=pk)
    if link.updated_at < timezone.now() - timedelta(days=30):
        return HttpResponse(status=410)
    link.title = request.POST["title"]
    link.save(update_fields=["title"])
`,
    ],
  },
  *find(context) {
    for (const write of context.effects) {
      if (write.kind !== "save" && write.kind !== "update") continue;
      if (write.row?.origin === "new" || isNormalisation(write)) continue;
      const found = comparedBefore(context, write);
      if (found) yield found;
    }
  },
};

type FieldAtom = Atom & { readonly kind: "field" };

/** Says by its name how often, or when, the row was changed. */
const IS_VERSION = /^(lock_?|row_?|_)?(version|revision|etag|rev)(_?(no|num|number|id))?$/;
const COMPARES = /[=!]=|[<>]/;

function comparedBefore({ effects, program }: RuleContext, write: Effect): Candidate | undefined {
  const key = write.row?.key ?? write.key;
  if (key === undefined) return undefined;
  for (const test of write.guards) {
    if (!comparesWithGiven(test)) continue;
    const atom = test.deps.find(
      (one): one is FieldAtom =>
        one.kind === "field" && one.row.key === key && isVersion(program.models, one.row, one.name),
    );
    if (!atom || isConditional(write, atom.name) || isName(test, atom.name)) continue;
    if (isWrittenIfDifferent(write, atom.name, test)) continue;
    const protection = protectionOf(effects, atom.row, write, program.models);
    if (protects(protection)) continue;
    return explain(write, {
      message: `${atom.name} is compared in Python, then the row is saved: two requests can both be told that nobody was faster`,
      protection,
      row: atom.row,
      column: atom.name,
      read: atom.site,
      test,
      about: key,
      ...(IS_VERSION.test(atom.name) ? {} : { severity: "low" as const }),
    });
  }
  return undefined;
}

function isVersion(models: Models, row: Row, name: string): boolean {
  const field = row.model && models.fields(row.model).get(name);
  return field?.touched === true || IS_VERSION.test(name) || NOTES_TIME.test(name);
}

/** Compared with what the request brings: of the clock, both hear the same whenever they ask. */
function comparesWithGiven({ site }: Guard): boolean {
  const text = site.fn.module.source.text.slice(site.start, site.end);
  return COMPARES.test(text) && !CLOCK.test(text) && !isWithTime(text, site.fn.text());
}

/** `cutoff = now() - PATIENCE`, then `row.modified_at > cutoff`: the clock has a name. */
function isWithTime(test: string, text: string): boolean {
  const compared = [...test.matchAll(/[<>]=?\s*([a-z_]\w*)\b(?![.([])|(?<![.\w])([a-z_]\w*)\s*[<>]/g)];
  return compared.some(([, right, left]) => {
    const given = new RegExp(`(?<![.\\w])${right ?? left}\\s*=(?!=)([^\\n]*)`).exec(text)?.[1];
    return given !== undefined && CLOCK.test(given);
  });
}

/** `version.version != "draft"`: compared with what is written down, and not with what somebody has seen. */
function isName({ site }: Guard, column: string): boolean {
  const text = site.fn.module.source.text.slice(site.start, site.end);
  const written = String.raw`(["'][^"']*["']|-?\d+|([\w.]+\.)?[A-Z][A-Z0-9_]*(\.value)?)(?![\w.([])`;
  return new RegExp(
    String.raw`\b${column}\s*[!=]=\s*${written}|${written}\s*[!=]=\s*[\w.]+\.${column}\b`,
  ).test(text);
}
