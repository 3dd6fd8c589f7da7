// zz-eff.mts ROOT FUNCTION: effects, guards, candidates
import { openProgram } from "./packages/deadheat/src/source/open-program.ts";
import { foundIn } from "./packages/deadheat/src/source/found-in.ts";
import { functionsThatAct } from "./packages/deadheat/src/source/project/reach.ts";
const [root, name] = process.argv.slice(2);
const opened = await openProgram(root!, { now: () => 0 } as never);
const { program } = opened as any;
const acting = functionsThatAct(program.project);
const line = (s: any) => `${s.fn.module.path.split("/").at(-1)}:${s.fn.module.source.lineAt(s.start)}`;
const dep = (a: any) => a.kind === "field" ? `${a.row.key}.${a.name}` : `Q(${a.effect.kind} ${a.effect.model?.name} @${a.effect.seq})`;
const val = (v: any) => v.kind === "row" ? `row ${v.key}` : v.kind === "scalar" ? `scalar ${v.literal ?? ""} ${v.shape ?? ""}` : v.kind;
program.watch((an: any) => {
  const { fn } = an;
  if (fn.qualified !== name && !fn.qualified.endsWith("." + name)) return false;
  console.log(`### ${fn.module.path} ${fn.qualified} acting=${acting.has(fn)}`);
  for (const e of an.effects) {
    console.log(`${e.seq} ${e.kind} ${e.name} model=${e.model?.name} row=${e.row?.key}(${e.row?.origin}) @${line(e.site)} trail=${e.trail.map(line)} txns=${e.txns.map((t: any) => t.id + (t.implicit ? "i" : ""))} locks=${e.locks.map((l: any) => l.name.slice(0, 30) + (l.endsUncommitted ? "!" : ""))} h=${e.handlers} loop=${e.loop} def=${e.deferred} tested=${e.tested} taken=${e.taken}`);
    if (e.query) console.log(`     query locked=${e.query.locked} opaque=${e.query.opaque} owner=${e.query.owner?.row.key}.${e.query.owner?.name} filters=${e.query.filters.map((f: any) => (f.exclude ? "!" : "") + f.lookup + "=" + val(f.value))}`);
    if (e.fields?.size) console.log(`     fields ${[...e.fields].map(([n, a]: any) => `${n}=${val(a.value)}${a.constant ? "(const)" : ""}<${a.deps.map(dep)}>`).join("; ")} columns=${e.columns}`);
    if (e.lookups) console.log(`     lookups ${e.lookups}`);
    if (e.deps.length) console.log(`     deps ${e.deps.map(dep)}`);
    if (e.guards.length) console.log(`     guards ${e.guards.map((g: any) => `${g.kind}${g.id}@${line(g.site)}<${g.deps.map(dep)}>miss=${[...g.missing].map(([x, a]: any) => x.seq + ":" + a)}${g.refuses ? "R" : ""}`).join(" ; ")}`);
    if (e.steps.length) console.log(`     steps ${e.steps.map((s: any) => s.branch + "/" + s.arm)}`);
  }
  for (const f of foundIn(program, an)) {
    const c: any = f.one;
    console.log("  CAND", f.rule.id, "decide" in c ? "undecided" : `${c.severity ?? f.rule.severity} ${c.message}`, "@", line(c.at.site), c.echo ? "ECHO" : "", c.apart ?? "");
  }
  return true;
});
for (const fn of program.project.modules.flatMap((m: any) => m.all)) if (fn.qualified === name || fn.qualified.endsWith("." + name)) program.summary(fn);
