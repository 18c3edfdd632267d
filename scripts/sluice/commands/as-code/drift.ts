import { planLines, planObject } from '@/lib/as-code/tell/tell-plan';
import type { Command } from '../../command';
import { planOf, withConfig } from '../../config/plan-file';
import { exitCodes } from '../../exit-code';

export const drift: Command = {
  summary: 'whether the database still says what sluice.yaml says: exit code 5 and the differences when not',
  usage: 'drift FILE [--prune]',
  notes: ['With --prune also what the file does not name is a difference.'],
  options: { prune: { type: 'boolean' } },
  positionals: [1, 1],
  run: (call) =>
    withConfig(call, async (config) => {
      const plan = await planOf(call, config, call.positionals[0] ?? '');
      const told = { plan, replays: [], warnings: [], refused: null };
      const isDrifted = plan.changes.length > 0;
      call.answer({ ...planObject(told), drift: isDrifted }, planLines(told));
      return isDrifted ? exitCodes.drift : exitCodes.ok;
    }),
};
