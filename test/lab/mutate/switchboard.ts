/** What the mutated code asks: which mutant is active; and where it says what it reached. */
export interface Switchboard {
  active: number;
  /** Loops and calls left before the code counts as endless. */
  fuel: number;
  readonly reached: Uint8Array;
  stop(): never;
}

const kept = globalThis as { __mutation?: Switchboard };

export function switchboard(size: number): Switchboard {
  kept.__mutation ??= {
    active: -1,
    fuel: Number.POSITIVE_INFINITY,
    reached: new Uint8Array(size),
    stop() {
      throw new Error('The mutant burned its fuel.');
    },
  };
  return kept.__mutation;
}
