import { planMarkdown } from '@/lib/as-code/tell/markdown-plan';
import { planLines, planObject } from '@/lib/as-code/tell/tell-plan';
import type { Command } from '../../command';
import { planOf, toldPlan, withConfig } from '../../config/plan-file';

export const plan: Command = {
  summary: 'what sluice.yaml would change, and what each changed policy would have done to the last 14 days',
  usage: 'plan FILE [--prune] [--markdown]',
  notes: [
    'Nothing is written: what the database would refuse is tried and taken back.',
    '--markdown is for a pull request, and is what a CI sees (CI=true and stdout no terminal).',
    'Exit codes: 0 nothing to do, or what there is can be applied; 1 the database would refuse it; 2 the file is wrong.',
  ],
  options: { prune: { type: 'boolean' }, markdown: { type: 'boolean' } },
  positionals: [1, 1],
  run: (call) =>
    withConfig(call, async (config) => {
      const told = await toldPlan(call, config, await planOf(call, config, call.positionals[0] ?? ''));
      const isOnCi = /^(?:1|true)$/i.test(process.env.CI ?? '') && !process.stdout.isTTY;
      if (!call.json && (call.values.markdown === true || isOnCi)) process.stdout.write(planMarkdown(told));
      else call.answer(planObject(told), planLines(told));
      return told.refused === null ? 0 : 1;
    }),
};
