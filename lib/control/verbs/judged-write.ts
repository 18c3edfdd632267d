import type { Written } from '@/lib/api/views';
import { Refusal, type RefusalCode } from '@/lib/kernel/refusal';
import type { WriteOutcome } from '../flags/flag-write';
import { settleWrite } from './settle-write';

/** How often a judgement that was held up on its way to the row is made afresh. */
const judgements = 3;

/**
 * Judges and writes. A process that stood still in between writes nothing by what it saw then: a line may have been
 * crossed meanwhile without a write to the row. The store refuses such a write, and everything is judged again.
 */
export async function judgedWrite<T>(
  judge: () => Promise<{ readonly outcome: WriteOutcome; readonly done: T }>,
  expectedVersion: number,
  invalid: RefusalCode,
): Promise<Written & T> {
  for (let judgement = 1; judgement <= judgements; judgement++) {
    const { outcome, done } = await judge();
    const isHeldUp = outcome.kind === 'stale' && (outcome.row?.version ?? 0) === expectedVersion;
    if (!isHeldUp) return { ...settleWrite(outcome, invalid, expectedVersion), ...done };
  }
  throw new Refusal('split-contended', `The judgement came too late to be written, ${judgements} times; nothing was.`);
}
