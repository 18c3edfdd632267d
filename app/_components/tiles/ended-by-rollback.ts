import type { RedLineView } from '@/lib/api/snapshot';
import type { StoryView } from '@/lib/api/story';

/** Ticks are ten seconds apart, and the first after a rollback may still speak of what was before. */
const slackMs = 120_000;

/** When a line that has no traffic any more was over its limit, where that ended with a rollback. null: it did not. */
export function endedByRollback(
  { arm, metric }: Pick<RedLineView, 'arm' | 'metric'>,
  { attempts, breaches }: Pick<StoryView, 'attempts' | 'breaches'>,
): { readonly from: string; readonly at: string } | null {
  const ended = attempts.at(-1)?.ended;
  if (ended?.verb !== 'rollback') return null;
  const endMs = Date.parse(ended.at);
  const span = breaches.findLast(
    (each) =>
      each.metric === metric &&
      (each.arm === null || each.arm === arm) &&
      Date.parse(each.from) <= endMs &&
      (each.to === null || Date.parse(each.to) >= endMs - slackMs),
  );
  return span ? { from: span.from, at: ended.at } : null;
}
