import { rollBack } from '@/lib/control/verbs/roll-back';
import { type Command, reasonOption, textOption } from '../../command';

export const rollback: Command = {
  summary: 'back to the baseline at once; obeys no gate',
  writes: 'at once',
  ofSplit: true,
  usage: 'rollback [--reason TEXT] [--arm NAME]',
  notes: ['--arm takes back one arm of several: its share goes to the baseline, the others go on.'],
  options: { reason: { type: 'string' }, arm: { type: 'string' } },
  async run(call) {
    const control = await call.control('rolling back');
    const arm = textOption(call.values, 'arm');
    await call.confirm(arm === null ? 'Roll back to the baseline now?' : `Roll ${arm} back now?`);
    const written = await rollBack(control, {
      reason: reasonOption(call.values),
      actor: call.actor,
      ...(arm === null ? {} : { arm }),
    });
    const said = saidOf(arm, written.already);
    const mended =
      written.mended && `The stored weights could not be used (${written.mended}); the rollback's are stored now.`;
    call.answer(written, [`rollback: ${said}, version ${written.version}.`, ...(mended ? [mended] : [])]);
    return undefined;
  },
};

function saidOf(arm: string | null, already: boolean): string {
  if (arm === null) return already ? 'was already at the baseline' : 'rolled back to the baseline';
  return already ? `${arm} was already rolled back` : `${arm} rolled back, its share is the baseline's`;
}
