import type { Report } from './report';

export interface BenchOptions {
  /** How large the data set is, where a bench has one; null: its default. */
  readonly rows: number | null;
  readonly requests: number | null;
  /** Which parts of a bench to run, where it has some, and at which levels of traffic; null: all. */
  readonly only: readonly string[] | null;
  readonly levels: readonly number[] | null;
  readonly say: (line: string) => void;
}

/** One subcommand of `npm run bench`. */
export interface Bench {
  readonly name: string;
  /** For the usage line: what it measures, against whom. */
  readonly about: string;
  run(options: BenchOptions): Promise<{ readonly report: Report; readonly data: unknown }>;
}
