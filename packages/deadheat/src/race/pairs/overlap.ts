import type { RaceContext } from "../context.ts";
import { measureOverlap, type Parallelism } from "../parallelism.ts";
import { GARBAGE } from "../token.ts";
import type { Pair } from "./pair.ts";

/** Whether requests of a pair overlap, measured on set-ups of their own. */
export async function overlapOf(
  context: RaceContext,
  scheme: string,
  pair: Pair,
  latencyMs: number,
): Promise<Parallelism> {
  const tokenOf = async () => {
    const scene = await pair.scene({ tokens: 1, users: 1 });
    return { scene, token: scene.principal.token };
  };
  const { scene, token } = await tokenOf();
  const garbage = context.credentials.get(scheme)?.present(GARBAGE) ?? token;
  return measureOverlap(context, {
    fresh: async () => {
      const one = await tokenOf();
      return one.scene.request(0, one.token);
    },
    refused: scene.request(0, garbage),
    read: async () => (await tokenOf()).scene.reads[0]?.request ?? scene.request(0, token),
    latencyMs,
  });
}
