/** Thinking that takes as long as a test wants it to, instead of as long as a machine is thought to need. */
export interface Gate {
  /** What handlers wait at. */
  readonly think: () => Promise<void>;
  /** Holds the next so many who come here, and nobody after them; settles when all of these are held. */
  hold(count: number): Promise<void>;
  /** Lets them go. */
  open(): void;
}

export function createGate(): Gate {
  let places = 0;
  let held: (() => void)[] = [];
  let full = () => {};
  return {
    think() {
      if (places === 0) return Promise.resolve();
      places--;
      return new Promise((go) => {
        held.push(go);
        if (places === 0) full();
      });
    },
    hold(count) {
      places = count;
      return new Promise((resolve) => {
        full = resolve;
      });
    },
    open() {
      places = 0;
      for (const go of held) go();
      held = [];
    },
  };
}
