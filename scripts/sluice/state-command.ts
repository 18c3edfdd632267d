import type { Written } from '@/lib/api/views';
import type { Control } from '@/lib/control/control';
import { currentSplit, type StateRequest } from '@/lib/control/verbs/change-state';
import { type Command, integerOption, reasonOption } from './command';

interface StateVerb {
  readonly verb: string;
  readonly summary: string;
  readonly question: (stage: string) => string;
  readonly change: (control: Control, request: StateRequest) => Promise<Written>;
}

/** pause, resume and rearm: the weights stay, the state moves. */
export function stateCommand({ verb, summary, question, change }: StateVerb): Command {
  return {
    summary,
    writes: 'at once',
    usage: `${verb} [--reason TEXT] [--if-version N]`,
    options: { reason: { type: 'string' }, 'if-version': { type: 'string' } },
    async run(call) {
      const control = await call.control();
      const { version, stage } = await currentSplit(control);
      await call.confirm(question(stage));
      const written = await change(control, {
        expectedVersion: integerOption(call.values, 'if-version', version),
        reason: reasonOption(call.values),
        actor: call.actor,
      });
      call.answer(written, [`${verb}: done, version ${written.version}.`]);
      return undefined;
    },
  };
}
