import { movedOn } from '@/lib/as-code/apply-changes';
import { planLines, planObject, summaryOf } from '@/lib/as-code/tell/tell-plan';
import { Refusal } from '@/lib/kernel/refusal';
import { type Command, Said, textOption } from '../../command';
import { applyPlan, planOf, refuseAddresses, toldPlan, withConfig } from '../../config/plan-file';

export const apply: Command = {
  summary: 'make the database say what sluice.yaml says: all of it in one transaction, or nothing',
  writes: 'at once',
  usage: 'apply FILE [--prune] [--seen SEEN] [--confirm] [--yes]',
  notes: [
    'What the file does not name is left alone; with --prune it is removed, and a split archived. Weights, latches and pauses are never touched.',
    '--seen is what a plan printed: refused with exit code 4 where anybody wrote since. Without it the same holds from the question on.',
    '--confirm applies a policy although it would be crossed now, or would have acted in the last hour.',
    'Exit codes: 0 applied, or nothing to do; 1 the database refused it; 2 the file is wrong; 3 a policy would act at once; 4 somebody wrote in between.',
  ],
  options: { prune: { type: 'boolean' }, seen: { type: 'string' }, confirm: { type: 'boolean' } },
  positionals: [1, 1],
  run: (call) =>
    withConfig(call, async (config) => {
      const plan = await planOf(call, config, call.positionals[0] ?? '');
      const seen = textOption(call.values, 'seen');
      if (seen !== null && seen !== plan.state.seen) throw movedOn();
      if (plan.changes.length === 0) {
        call.answer({ applied: 0, file: plan.file, sha256: plan.sha256 }, [summaryOf(plan)]);
        return 0;
      }
      await refuseAddresses(config, plan);
      const told = await toldPlan(call, config, plan);
      if (told.refused !== null) throw new Said(`Nothing was applied. ${told.refused}`);
      if (told.warnings.length > 0 && call.values.confirm !== true)
        throw new Refusal(
          'confirmation-needed',
          `Nothing was applied. ${told.warnings.join(' ')} Apply it with --confirm.`,
        );
      if (!call.json) for (const line of planLines(told)) call.say(line);
      await call.confirm(`Apply ${plan.changes.length} changes?`);
      await applyPlan(call, config, plan);
      call.answer({ ...planObject(told), applied: plan.changes.length }, [
        `Applied ${plan.changes.length} changes of ${plan.file}.`,
      ]);
      return 0;
    }),
};
