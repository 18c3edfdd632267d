/** Provider → share, 0..1, sum 1. Providers left out count 0. */
export type Weights = Readonly<Record<string, number>>;
