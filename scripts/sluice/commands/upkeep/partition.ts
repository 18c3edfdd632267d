import { withSchema } from '@/lib/control/flags/schema-there';
import { partitionAdopted } from '@/lib/log/upkeep/partition-adopted';
import { connect } from '@/lib/postgres/connection';
import type { Command } from '../../command';

export const partition: Command = {
  summary: 'make an adopted analytics_logs a table of days, without downtime',
  writes: 'in steps',
  usage: 'partition',
  notes: ['Days are dropped at once by `sluice retention`; rows of a table without days are deleted one by one.'],
  async run(call) {
    await call.confirm('Turn analytics_logs into the first partition of a new table of the same name?');
    const sql = connect(call.database().url, { name: 'cli partition', max: 1, silenceMs: null });
    try {
      const log = (line: string) => (call.json ? undefined : call.say(`partition: ${line}.`));
      const { boundMs } = await partitionAdopted(sql, { log });
      const bound = new Date(boundMs).toISOString();
      call.answer({ bound }, [`partition: done. Rows before ${bound} stay together, newer ones go to a table a day.`]);
    } catch (error) {
      throw await withSchema(sql, error);
    } finally {
      await sql.end({ timeout: 2 });
    }
    return undefined;
  },
};
