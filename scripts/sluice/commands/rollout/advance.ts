import { readSplitAsRouted } from '@/lib/control/rollout/as-instances-say';
import { advanceStage } from '@/lib/control/verbs/advance-stage';
import { advanceTarget } from '@/lib/rule/gates';
import { type Command, integerOption, reasonOption } from '../../command';

export const advance: Command = {
  summary: 'one step along the plan, if every gate is open',
  writes: 'at once',
  ofSplit: true,
  usage: 'advance [STAGE] [--reason TEXT] [--override] [--if-version N]',
  notes: ['Without STAGE it is the next one. --override goes although a gate is closed; it needs --reason.'],
  options: { reason: { type: 'string' }, override: { type: 'boolean' }, 'if-version': { type: 'string' } },
  positionals: [0, 1],
  async run(call) {
    const control = await call.control('writing');
    const { policy } = await control.flags.readPolicy();
    const row = await readSplitAsRouted(control, policy);
    const to = call.positionals[0] ?? advanceTarget(row, policy)?.name ?? row.stage;
    await call.confirm(`Advance from ${row.stage} to ${to}?`);
    const written = await advanceStage(control, {
      to,
      expectedVersion: integerOption(call.values, 'if-version', row.version),
      reason: reasonOption(call.values),
      override: call.values.override === true,
      actor: call.actor,
    });
    call.answer(written, [`advance: now at ${written.stage}, version ${written.version}.`]);
    return undefined;
  },
};
