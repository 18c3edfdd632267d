import { readSplitAsRouted } from '@/lib/control/rollout/as-instances-say';
import { setWeights } from '@/lib/control/verbs/set-weights';
import { readWeights, weightsText } from '@/lib/split/weights';
import { type Command, integerOption, reasonOption, UsageError } from '../../command';

export const weights: Command = {
  summary: 'show the weights, or write them; raising the candidate obeys the gates',
  writes: 'at once',
  ofSplit: true,
  usage: `weights ['{"fal":0.9,"runware":0.1}'] [--reason TEXT] [--override] [--if-version N]`,
  options: { reason: { type: 'string' }, override: { type: 'boolean' }, 'if-version': { type: 'string' } },
  positionals: [0, 1],
  async run(call) {
    const control = await call.control(call.positionals.length === 0 ? 'reading' : 'writing');
    const { policy } = await control.flags.readPolicy();
    const row = await readSplitAsRouted(control, policy);
    const [text] = call.positionals;
    if (text === undefined) {
      const shown = { version: row.version, stage: row.stage, weights: row.weights };
      call.answer(shown, [`${weightsText(row.weights)}  ${row.stage}, version ${row.version}`]);
      return undefined;
    }
    refuseSyntax(text);
    await call.confirm(`Write ${text} over ${weightsText(row.weights)} (${row.stage})?`);
    const written = await setWeights(control, {
      weights: JSON.parse(text),
      written: text,
      expectedVersion: integerOption(call.values, 'if-version', row.version),
      reason: reasonOption(call.values),
      override: call.values.override === true,
      actor: call.actor,
    });
    call.answer(written, [`weights: ${weightsText(written.weights)}, version ${written.version}.`]);
    return undefined;
  },
};

/** A slip of the keyboard, known without the database; in the words of its guard. */
function refuseSyntax(text: string): void {
  try {
    JSON.parse(text);
  } catch {
    const reading = readWeights(text, { registered: [], baseline: '', candidates: [''] });
    throw new UsageError(reading.ok ? 'The weights are not JSON.' : reading.sentence);
  }
}
