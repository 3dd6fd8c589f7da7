import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { members } from "../effects/collections.ts";
import { left, NO_EFFECTS } from "../effects/effect.ts";
import { NO_ASSIGNED, NO_REFRESHES, NONE } from "../effects/values.ts";
import { moduleOf } from "../load.ts";
import { programOf } from "../open-program.ts";
import { NO_GRAMMAR } from "../parse/grammar.ts";
import { SmallMap } from "../project/small-map.ts";
import { GraphReader } from "./graph-reader.ts";
import { GraphWriter } from "./graph-writer.ts";
import { Numbering } from "./numbering.ts";
import { Shapes } from "./shapes.ts";

const TEXT = `from django.db import models

class Order(models.Model):
    paid = models.BooleanField()
    class Meta:
        ordering = ["pk"]
    def pay(self):
        self.save()

def pay(order):
    order.pay()
`;

const { module } = moduleOf("shop/models.py", TEXT, NO_GRAMMAR);
if (!module) throw new Error("no module");
const { project, models } = programOf("shop", [module]);
const numbering = new Numbering(project.modules, [2]);
const order = project.classesNamed("Order")[0]!;

function writer(shapes: Shapes, largest = 1e6): GraphWriter {
  return new GraphWriter({ numbering, models, shapes, originOf: () => [1, 7] }, largest);
}

/** As the next run makes it again: of shapes as they are kept. */
function again<T extends object>(root: T): T {
  const shapes = new Shapes();
  const bytes = writer(shapes).write(root);
  if (!bytes) throw new Error("not written");
  const kept = new Shapes(JSON.parse(JSON.stringify(shapes.all())));
  const effectAt = (record: unknown) => ({ record }) as never;
  return new GraphReader(bytes, { numbering, models, shapes: kept, effectAt }).read() as T;
}

describe("a graph as bytes", () => {
  it("is the same graph again", () => {
    const leaf = fc.oneof(
      fc.constantFrom(
        undefined,
        null,
        true,
        false,
        0,
        -0,
        -1,
        2 ** 31,
        1.5,
        Number.POSITIVE_INFINITY,
        Number.NaN,
      ),
      fc.nat(),
      fc.string(),
      fc.string({ unit: "grapheme" }),
    );
    const name = fc.constantFrom(
      "kind",
      "deps",
      "items",
      "row",
      "branch",
      "arm",
      "txns",
      "handlers",
      "id",
      "seq",
    );
    const { graph } = fc.letrec<{ graph: unknown }>((tie) => ({
      graph: fc.oneof(
        { maxDepth: 5 },
        leaf,
        fc.array(tie("graph")),
        fc.dictionary(name, tie("graph"), { noNullPrototype: true }),
        fc.array(fc.tuple(fc.string(), tie("graph"))).map((one) => new Map(one)),
        fc
          .array(fc.tuple(fc.string(), tie("graph")), { maxLength: 5 })
          .map((one) => SmallMap.from(new Map(one))),
      ),
    }));
    fc.assert(
      fc.property(fc.array(graph), (one) => {
        expect(again(one)).toStrictEqual(one);
      }),
    );
  });

  it("has each object once, and goes in circles where it did", () => {
    const row: { name: string; parent?: { row: unknown } } = { name: "same" };
    row.parent = { row };
    const [one, other] = again([row, { row }]) as [typeof row, { row: typeof row }];
    expect(other.row).toBe(one);
    expect(one.parent?.row).toBe(one);
  });

  it("means the project's own definitions, and places in them", () => {
    const [fn, method] = [module.functions.get("pay")!, order.methods.get("pay")!];
    const site = { fn: method, start: method.start - 4, end: method.end };
    const found = again({
      fn,
      order,
      model: models.of(order),
      user: models.named("User"),
      module,
      site,
      same: site,
    });
    expect(found.fn).toBe(fn);
    expect(found.order).toBe(order);
    expect(found.model).toBe(models.of(order));
    expect(found.user).toBe(models.named("User"));
    expect(found.module).toBe(module);
    expect(found.site).toStrictEqual(site);
    expect(found.same).toBe(found.site);
  });

  it("has the lists that all share who have none", () => {
    const none = [NONE, NO_REFRESHES, NO_ASSIGNED, NO_EFFECTS, SmallMap.empty];
    for (const [index, one] of again(none).entries()) expect(one).toBe(none[index]);
  });

  it("keeps what is known of an object beside what is in it", () => {
    const [step, list] = [
      { branch: 1, arm: 0 },
      { kind: "tuple", items: [], deps: [] },
    ];
    const row = { kind: "row", key: "order" };
    left.set(step, "here");
    members.set(list as never, new Map([["pk", row as never]]));
    const found = again({ step, list });
    expect(left.get(found.step)).toBe("here");
    expect(members.get(found.list as never)).toStrictEqual(new Map([["pk", row]]));
  });

  it("finds the effect that one stands for where somebody asks", () => {
    const found = again({ kind: "save", txns: [], handlers: [], origin: { kind: "save" } });
    expect(found.origin).toStrictEqual({ record: [1, 7] });
    expect(found.kind).toBe("save");
  });

  it("is not written where something has no name, or there is too much", () => {
    const hidden = { ...order };
    for (const one of [
      { node: { body: [] } },
      { cls: hidden },
      { call() {} },
      { start: 3 },
      { on: new Date(0) },
    ])
      expect(writer(new Shapes()).write(one)).toBeUndefined();
    expect(writer(new Shapes(), 100).write(["x".repeat(101)])).toBeUndefined();
    let deep: object = {};
    for (let depth = 0; depth < 100_000; depth++) deep = { deep };
    expect(writer(new Shapes()).write(deep)).toBeUndefined();
  });
});
