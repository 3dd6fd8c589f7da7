import type { History } from "../history.ts";
import type { Shortcut } from "../model.ts";
import type { CasRegisterInput } from "./cas-register.ts";
import type { Scalar } from "./register.ts";

/** A value's write and its reads. They follow one another without another write between. */
interface Cluster {
  readonly value: Scalar;
  readonly write: string | undefined;
  readonly writeInvoke: number;
  readonly reads: { readonly id: string; readonly invoke: number }[];
  earliestReturn: number;
  latestInvoke: number;
}

/**
 * Decides registers whose values are each written once, in O(n log n), where the search has to try the
 * writes in every order (Gibbons, Korach 1997, SIAM J. Comput. 26: 1208–1244, theorem on zones).
 *
 * A cluster with a return before an invoke fills the time between them (a forward zone): no other such
 * cluster may overlap it, and none may have to fit inside. Times that are equal are concurrent, so zones
 * may touch.
 */
export function registerShortcut(
  initial: Scalar,
  part: History<CasRegisterInput, Scalar | undefined>,
): Shortcut | undefined {
  const clusters = clustersOf(initial, part);
  if (clusters === undefined) return withoutSource(initial, part);
  if ("verdict" in clusters) return clusters;

  const forward = clusters.filter((each) => each.earliestReturn < each.latestInvoke);
  forward.sort((a, b) => a.earliestReturn - b.earliestReturn);
  for (const [index, zone] of forward.entries()) {
    const next = forward[index + 1];
    if (next !== undefined && next.earliestReturn < zone.latestInvoke) {
      return conflict(zone, next, "were both seen before and after one another");
    }
  }
  const placed = clusters.map((cluster) => ({ cluster, at: cluster.earliestReturn, forward: 1 }));
  for (const each of placed) {
    const { cluster } = each;
    if (cluster.earliestReturn < cluster.latestInvoke) continue;
    each.forward = 0;
    each.at = cluster.latestInvoke;
    const around = zoneAt(forward, each.at);
    if (around === undefined) continue;
    if (cluster.earliestReturn < around.latestInvoke) {
      return conflict(
        around,
        cluster,
        "the second had to come and go while the first was there all the time",
      );
    }
    each.at = around.latestInvoke;
  }
  placed.sort((a, b) => (a.at === b.at ? a.forward - b.forward : a.at - b.at));
  return { verdict: "linearizable", order: placed.flatMap(({ cluster }) => orderOf(cluster)) };
}

/** Above this many pairs of operations, looking at them costs more than the search. */
const MOST_PAIRS = 4_000_000;

/**
 * Where values repeat: a read for which no write can be the last one before it. Every write of its value
 * starts too late, or returned before another value was written that was there before the read began.
 */
function withoutSource(
  initial: Scalar,
  part: History<CasRegisterInput, Scalar | undefined>,
): Shortcut | undefined {
  const start = Number.NEGATIVE_INFINITY;
  const writes = part.flatMap(({ invoke, return: end, input, outcome }) => {
    if (input.type === "read" || outcome === "rejected") return [];
    const value = input.type === "write" ? input.value : input.to;
    return [{ value, invoke, return: outcome === "ok" ? end! : Number.POSITIVE_INFINITY }];
  });
  writes.push({ value: initial, invoke: start, return: start });
  if (writes.length * part.length > MOST_PAIRS) return undefined;
  for (const { id, invoke, return: end, input, outcome, output } of part) {
    if (input.type !== "read" || outcome !== "ok") continue;
    let replaced = start;
    for (const write of writes) {
      if (write.return < invoke && !Object.is(write.value, output))
        replaced = Math.max(replaced, write.invoke);
    }
    if (
      writes.some(
        (write) => Object.is(write.value, output) && write.invoke <= end! && write.return >= replaced,
      )
    )
      continue;
    const because = `${JSON.stringify(output)} was read, and nobody can have written it last`;
    return { verdict: "race", operations: [id], because };
  }
  return undefined;
}

/** The forward zone that `time` lies strictly within. */
function zoneAt(forward: readonly Cluster[], time: number): Cluster | undefined {
  let [low, high] = [0, forward.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (forward[middle]!.earliestReturn < time) low = middle + 1;
    else high = middle;
  }
  const zone = forward[low - 1];
  return zone !== undefined && time < zone.latestInvoke ? zone : undefined;
}

function clustersOf(
  initial: Scalar,
  part: History<CasRegisterInput, Scalar | undefined>,
): Cluster[] | Shortcut | undefined {
  const clusters = new Map<Scalar, Cluster>();
  const start = Number.NEGATIVE_INFINITY;
  const common = { reads: [], earliestReturn: start, latestInvoke: start };
  clusters.set(initial, { ...common, value: initial, write: undefined, writeInvoke: start });
  const unread = new Set<Scalar>();
  for (const { id, invoke, return: end, input, outcome } of part) {
    // Only where every value tells its write; compare-and-set and refusals are for the search.
    if (input.type === "cas" || outcome === "rejected") return undefined;
    if (input.type === "read") continue;
    if (clusters.has(input.value) || Object.is(input.value, -0)) return undefined;
    const isPending = outcome === "unknown";
    if (isPending) unread.add(input.value);
    clusters.set(input.value, {
      value: input.value,
      write: id,
      writeInvoke: invoke,
      reads: [],
      earliestReturn: isPending ? Number.POSITIVE_INFINITY : end!,
      latestInvoke: invoke,
    });
  }
  for (const { id, invoke, return: end, input, outcome, output } of part) {
    if (input.type !== "read" || outcome === "unknown") continue;
    if (output === undefined || Object.is(output, -0)) return undefined;
    const cluster = clusters.get(output);
    if (cluster === undefined || end! < cluster.writeInvoke) {
      const what = JSON.stringify(output);
      return { verdict: "race", operations: [id], because: `${what} was read before anybody wrote it` };
    }
    unread.delete(output);
    cluster.reads.push({ id, invoke });
    cluster.earliestReturn = Math.min(cluster.earliestReturn, end!);
    cluster.latestInvoke = Math.max(cluster.latestInvoke, invoke);
  }
  // A write that may not have happened and that nobody saw did not happen.
  for (const value of unread) clusters.delete(value);
  return [...clusters.values()];
}

function orderOf({ write, reads }: Cluster): string[] {
  const ids = reads.toSorted((a, b) => a.invoke - b.invoke).map(({ id }) => id);
  return write === undefined ? ids : [write, ...ids];
}

function conflict(a: Cluster, b: Cluster, how: string): Shortcut {
  return {
    verdict: "race",
    operations: [...orderOf(a), ...orderOf(b)],
    because: `Of the values ${JSON.stringify(a.value)} and ${JSON.stringify(b.value)}, ${how}`,
  };
}
