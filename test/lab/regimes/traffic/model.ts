import type { Random } from '@/lib/replay/simulate/chance';
import type { Weights } from '@/lib/split/weights';
import type { Delays } from './delays';
import type { Arm, Row } from './rows';

/** What an arm is like at an instant. */
export interface Conduct {
  readonly failureRate: number;
  /** Times the model's latencies. */
  readonly slower: number;
  /** The share of generations that are complained about. */
  readonly voucherRate: number;
}

/** What is settled about a request before the rest of it is drawn. */
export interface Given {
  readonly user?: number;
  readonly arm?: Arm;
  readonly failed?: boolean;
}

/** What happens in one trace, drawn anew for each. Minutes count from the rollout's start and are negative before it. */
export interface Course {
  conduct(arm: Arm, minute: number): Conduct;
  /** Called with every row before it counts. */
  alter?(row: Row): void;
  /** The requests of ten seconds, where they do not come independently; `mean` is how many there should be. */
  arrive?(minute: number, mean: number, put: (given?: Given) => void): void;
  /** Requests beside the usual ones. */
  beside?(minute: number, put: (given?: Given) => void): void;
}

export interface Prices {
  readonly keys: readonly string[];
  readonly usd: readonly number[];
  /** The standard deviation of a price, as a share of it. */
  readonly spread: number;
  /** How often each is asked for. */
  readonly mix: (arm: Arm, minute: number) => readonly number[];
}

/** Traffic of both arms over a rollout, before chance. */
export interface Model {
  /** How long the rollout is looked at, and how much of the baseline's time before it is part of the history. */
  readonly minutes: number;
  readonly leadMinutes: number;
  /** Requests of both arms. */
  readonly perMinute: (minute: number) => number;
  /** The first at minute 0. */
  readonly writes: readonly { readonly minute: number; readonly weights: Weights }[];
  readonly latency: { readonly medianMs: number; readonly sigma: number };
  readonly prices: Prices;
  /** null: vouchers come within ten seconds. */
  readonly delays: Delays | null;
  /** Whether a voucher names the request. */
  readonly vouchersNamed: boolean;
  /** How many users there are, each as likely to ask; 0: none is named. */
  readonly users: number;
  /** Whether a user always gets the same arm. */
  readonly sticky: boolean;
  readonly course: (random: Random) => Course;
}
