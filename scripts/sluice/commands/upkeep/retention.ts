import { withSchema } from '@/lib/control/flags/schema-there';
import { parseDuration } from '@/lib/kernel/duration';
import { applyRetention } from '@/lib/log/upkeep/retention';
import { connect } from '@/lib/postgres/connection';
import { type Command, textOption, UsageError } from '../../command';

const daySeconds = 86_400;

export const retention: Command = {
  summary: 'drop raw events older than --keep; buckets stay longer',
  writes: 'in steps',
  usage: 'retention --keep 30d [--keep-buckets 60d]',
  options: { keep: { type: 'string' }, 'keep-buckets': { type: 'string' } },
  async run(call) {
    const keepDays = daysOf(textOption(call.values, 'keep'), 'keep');
    if (keepDays === null) throw new UsageError('Say how long: sluice retention --keep 30d');
    const keepBucketsDays = daysOf(textOption(call.values, 'keep-buckets'), 'keep-buckets');
    await call.confirm(`Delete events older than ${keepDays} days?`);
    const sql = connect(call.database().url, { name: 'cli retention', max: 1, silenceMs: null });
    try {
      const done = await applyRetention(sql, { keepDays, ...(keepBucketsDays === null ? {} : { keepBucketsDays }) });
      call.answer(done, [
        `retention: ${done.droppedPartitions} days dropped, ${done.deletedRows} rows deleted, ${done.pruned} spans pruned.`,
      ]);
    } catch (error) {
      throw await withSchema(sql, error);
    } finally {
      await sql.end({ timeout: 2 });
    }
    return undefined;
  },
};

function daysOf(text: string | null, name: string): number | null {
  if (text === null) return null;
  const seconds = parseDuration(text);
  if (seconds !== null && seconds >= daySeconds) return seconds / daySeconds;
  throw new UsageError(`--${name} is "${text}"; it must be a duration of at least 1d, such as 30d.`);
}
