import type { HttpRequest } from "../exchange.ts";
import type { Target } from "../target.ts";
import { medianOf, TightnessTally } from "./tightness.ts";
import type { Burst, BurstOptions, Transport } from "./transport.ts";

/** What was found out about the transports before the first trial. */
export interface Probed {
  /** The tighter first. */
  readonly spoken: readonly Transport[];
  readonly tallies: ReadonlyMap<Transport, TightnessTally>;
  /** By name, and why. */
  readonly refused: readonly { readonly transport: Transport; readonly reason: string }[];
}

export interface ProbeOptions extends BurstOptions {
  /** An equal read that may be made by anybody; never changes anything. */
  readonly request: HttpRequest;
  /** Bursts of each transport at most. */
  readonly rounds: number;
  /** Waits until so many requests may leave, and counts them; throws where no more may. */
  readonly admit: (requests: number) => Promise<void>;
  /** Told of each burst. */
  readonly onBurst: (burst: Burst) => void;
}

const REQUESTS = 10;
/** The first burst opens what there is to open on the server's side. */
const WARM_UP = 1;
/** Where one was the tighter in all of so many rounds, the rest is not needed: 1 in 16 by chance. */
const CLEAR = 5;
/** HTTP/2 is as good where HTTP/1.1 is not tighter by more than what one machine's moments differ. */
const TIE = 1.1;

/** Which transports a target speaks, and which of them is the tighter there: bursts over each, in turn. */
export async function probeTransports(
  transports: readonly Transport[],
  target: Target,
  options: ProbeOptions,
): Promise<Probed> {
  const spoken: Transport[] = [];
  const refused: { transport: Transport; reason: string }[] = [];
  for (const transport of transports) {
    const support = await transport.supports(target, options);
    if (support.spoken) spoken.push(transport);
    else refused.push({ transport, reason: support.reason });
  }
  const tallies = new Map(spoken.map((one) => [one, new TightnessTally(one)]));
  for (let round = 0; round < options.rounds + WARM_UP; round++) {
    for (const [transport, tally] of tallies) {
      const burst = await send(transport, target, options);
      if (burst === "stop") return { spoken: inOrder(spoken, tallies), tallies, refused };
      if ("reason" in burst) {
        refused.push({ transport, reason: burst.reason });
        tallies.delete(transport);
        spoken.splice(spoken.indexOf(transport), 1);
      } else if (round >= WARM_UP) tally.note(burst);
    }
    if (isClear([...tallies.values()])) break;
  }
  return { spoken: inOrder(spoken, tallies), tallies, refused };
}

/** A transport that the greeting speaks and requests do not is not spoken. */
async function send(
  transport: Transport,
  target: Target,
  { request, admit, onBurst, ...options }: ProbeOptions,
): Promise<Burst | { readonly reason: string } | "stop"> {
  await admit(REQUESTS);
  const requests = Array.from({ length: REQUESTS }, () => ({ request, offsetMs: 0 }));
  let burst: Burst;
  try {
    burst = await transport.burst(target, requests, options);
  } catch (cause) {
    options.signal.throwIfAborted();
    // The last of all is what is left: its failure is told where it is needed.
    if (transport.name === "http1") return "stop";
    return { reason: `requests over it fail (${(cause as Error).message})` };
  }
  onBurst(burst);
  const { exchanges } = burst;
  // Whoever asks to be left alone is.
  if (exchanges.some(({ status }) => status === 429 || status === 503)) return "stop";
  const [failed] = exchanges.filter(({ status }) => status === undefined);
  if (failed && transport.name !== "http1" && exchanges.every(({ status }) => status === undefined))
    return { reason: `requests over it are not answered (${failed.failure})` };
  return burst;
}

/** One was the tighter in every round so far. */
function isClear(tallies: readonly TightnessTally[]): boolean {
  const [a, b] = tallies.map((one) => one.spreads);
  if (!a || !b) return (a ?? b ?? []).length >= CLEAR;
  const rounds = Math.min(a.length, b.length);
  if (rounds < CLEAR) return false;
  const wins = a.slice(0, rounds).filter((spread, round) => spread < (b[round] ?? 0)).length;
  return wins === 0 || wins === rounds;
}

/** As listed, unless a later one was clearly tighter. */
function inOrder(spoken: readonly Transport[], tallies: ReadonlyMap<Transport, TightnessTally>): Transport[] {
  const spread = (one: Transport) => medianOf(tallies.get(one)?.spreads ?? []);
  return [...spoken].sort((a, b) => {
    const listed = spoken.indexOf(a) - spoken.indexOf(b);
    const [earlier, later] = listed < 0 ? [a, b] : [b, a];
    const overtaken = spread(earlier) > TIE * spread(later);
    return overtaken ? -listed : listed;
  });
}
