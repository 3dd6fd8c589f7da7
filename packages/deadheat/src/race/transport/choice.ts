import type { Degradation, TransportReport } from "../../findings/transports.ts";
import type { Probed } from "./probe.ts";
import { TightnessTally } from "./tightness.ts";
import type { Burst, Transport } from "./transport.ts";

/** So many bursts in a row that could not be sent: it is not a moment's trouble. */
const HOPELESS = 3;

/** Which transports a run uses, what came of it, and what it had to do without: that is never silent. */
export class TransportChoice {
  /** The tighter first. One that fails again and again is taken out while the run goes on. */
  readonly usable: Transport[];
  readonly #probed: Probed;
  readonly #onDegraded: (degradation: Degradation) => void;
  readonly #tallies = new Map<Transport, TightnessTally>();
  readonly #failures = new Map<Transport, { count: number; othersSent: boolean }>();
  readonly #degraded: Degradation[] = [];

  constructor(probed: Probed, onDegraded: (degradation: Degradation) => void) {
    this.#probed = probed;
    this.#onDegraded = onDegraded;
    this.usable = [...probed.spoken];
    for (const { transport, reason } of probed.refused)
      this.#degrade(transport, `${transport.label} is not used: ${reason}`);
    const [used, ...others] = this.usable;
    const lost = others.find(({ name }) => name === "http2");
    if (used && lost)
      this.#degrade(
        lost,
        `${lost.label} has lost its edge: ${spreadOf(probed, lost)} against ${spreadOf(probed, used)} over ` +
          `${used.label}, as behind a proxy that passes requests on over connections of their own`,
      );
  }

  /** A burst whose requests were to arrive together. */
  sent(transport: Transport, burst: Burst): void {
    this.#failures.delete(transport);
    for (const failing of this.#failures.values()) failing.othersSent = true;
    const tally = this.#tallies.get(transport) ?? new TightnessTally(transport);
    this.#tallies.set(transport, tally);
    tally.note(burst);
  }

  /**
   * A burst that could not be sent. The next ones go over another transport where it keeps failing while others do
   * not: a server that is not there fails all of them, and comes back to all of them.
   */
  failed(transport: Transport, reason: string): void {
    const failing = this.#failures.get(transport) ?? { count: 0, othersSent: false };
    this.#failures.set(transport, failing);
    failing.count++;
    const place = this.usable.indexOf(transport);
    if (failing.count < HOPELESS || !failing.othersSent || place < 0 || this.usable.length === 1) return;
    this.usable.splice(place, 1);
    this.#degrade(
      transport,
      `${transport.label} is not used any more: ${failing.count} bursts in a row could not be sent (${reason}); ` +
        `the rest goes over ${this.usable[0]?.label}`,
    );
  }

  report(): TransportReport {
    const { spoken, tallies } = this.#probed;
    return {
      used: (this.usable[0] as Transport).name,
      spoken: spoken.map(({ name }) => name),
      probe: spoken.flatMap((one) => tallies.get(one)?.summary() ?? []),
      trials: [...this.#tallies.values()].map((one) => one.summary()),
      degraded: this.#degraded,
    };
  }

  #degrade({ name }: Transport, reason: string): void {
    const degradation = { transport: name, reason };
    this.#degraded.push(degradation);
    this.#onDegraded(degradation);
  }
}

function spreadOf({ tallies }: Probed, transport: Transport): string {
  const { spreadMs } = tallies.get(transport)?.summary() ?? {};
  return spreadMs === undefined ? "?" : `${spreadMs.toFixed(2)} ms`;
}
