import { isoOf } from '@/lib/kernel/instant';
import { explain } from '@/lib/rule/explain';
import type { Hindrance, LineVerdict, VerdictKind } from '@/lib/rule/verdict';
import type { Metric } from '@/lib/split/policy/metrics';
import type { Policy } from '@/lib/split/policy/policy';
import type { BadLine } from './recording';

/** What `sluice replay --json` prints for one recording. Times are ISO 8601, UTC. */
export interface ReplayReport {
  /** When the live rule would first have rolled back: the tick that decides; null when never. */
  readonly rollback_at: string | null;
  /** The line that did it. */
  readonly red_line: Metric | null;
  /** Every change of a line's verdict, the first of each line included, in order of time. */
  readonly verdicts: readonly VerdictChange[];
  /** All rollbacks, should the recording raise the candidate again after the first. */
  readonly rollbacks: readonly RollbackSeen[];
  readonly from: string | null;
  readonly to: string | null;
  /** Rows that can move a metric, and all lines read. */
  readonly events: number;
  /** So many of them are backfilled: counted here, never by the live rule. Left out when there are none. */
  readonly backfilled?: number;
  readonly lines: number;
  readonly flag_writes: readonly FlagWriteSeen[];
  readonly bad_lines: { readonly count: number; readonly first: readonly BadLine[] };
  readonly policy: 'default' | 'given' | 'recorded';
}

/** One candidate that went. */
interface RollbackSeen {
  readonly at: string;
  readonly arm: string;
  readonly red_line: Metric;
  readonly explanation: string;
}

/** A write found in the recording; what the database would have refused changes nothing, and says why. */
export interface FlagWriteSeen {
  readonly at: string;
  readonly flag_key: string;
  readonly stage: string | null;
  readonly fault: string | null;
}

export interface VerdictChange {
  readonly at: string;
  readonly arm: string;
  readonly red_line: Metric;
  readonly verdict: VerdictKind;
  readonly acts: boolean;
  readonly hindrance: Hindrance | null;
  readonly value: number | null;
  readonly limit: number | null;
  readonly n: number;
  readonly breached_for_seconds: number;
  readonly chance: number | null;
  readonly explanation: string;
}

export function verdictChange(line: LineVerdict, policy: Policy, atMs: number): VerdictChange {
  return {
    at: isoOf(atMs),
    arm: line.arm,
    red_line: line.metric,
    verdict: line.verdict,
    acts: line.acts,
    hindrance: line.hindrance,
    value: line.value,
    limit: line.limit,
    n: line.n,
    breached_for_seconds: line.breachedForSeconds,
    chance: line.evidence?.chance ?? null,
    explanation: explain(line, policy),
  };
}

/** Two verdicts that a reader would call the same, whatever their numbers. */
export const verdictKey = (line: LineVerdict): string => `${line.verdict} ${line.acts} ${line.hindrance}`;
