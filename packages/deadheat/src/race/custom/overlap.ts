import type { ConcurrentStep } from "../../plan/custom.ts";
import type { HttpRequest } from "../exchange.ts";
import { measureOverlap, type Parallelism } from "../parallelism.ts";
import { GARBAGE } from "../token.ts";
import type { CustomContext } from "./context.ts";
import { openScene, type Scene } from "./scene.ts";

/**
 * Whether the target works on several such requests at once (docs/decisions/0002): the first request of the
 * scenario, each on a set-up of its own.
 */
export async function canOverlap(context: CustomContext, latencyMs: number): Promise<Parallelism> {
  const { concurrent, observe } = context.scenario;
  const first = concurrent[0] as ConcurrentStep;
  const scenes: Scene[] = [];
  const on = async () => {
    const scene = await openScene(context);
    scenes.push(scene);
    return scene;
  };
  try {
    const scene = await on();
    const [read] = observe;
    return await measureOverlap(context.race, {
      latencyMs,
      refused: refusal(await scene.request(first)),
      fresh: async () => (await on()).request(first),
      read: async () => scene.request(read ?? first),
    });
  } finally {
    for (const scene of scenes) await scene.clear();
  }
}

/** The same, turned away at the door: by its token, or where it needs none, by its path. */
function refusal(request: HttpRequest): HttpRequest {
  const { authorization, ...headers } = request.headers;
  if (authorization === undefined) return { ...request, path: `/${GARBAGE}` };
  return { ...request, headers: { ...headers, authorization: `Bearer ${GARBAGE}` } };
}
