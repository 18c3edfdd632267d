import type { Written } from '@/lib/api/views';
import type { Control } from '@/lib/control/control';
import { currentSplit, type StateRequest } from '@/lib/control/verbs/change-state';
import { pause as pauseRollout } from '@/lib/control/verbs/pause';
import { rearm as rearmRollout } from '@/lib/control/verbs/rearm';
import { resume as resumeRollout } from '@/lib/control/verbs/resume';
import { type Command, integerOption, reasonOption } from '../command';

interface StateVerb {
  readonly verb: string;
  readonly summary: string;
  readonly question: (stage: string) => string;
  readonly change: (control: Control, request: StateRequest) => Promise<Written>;
}

export const pause = stateCommand({
  verb: 'pause',
  summary: 'stop promotion; rollback stays armed',
  question: (stage) => `Pause the rollout at ${stage}?`,
  change: pauseRollout,
});

export const resume = stateCommand({
  verb: 'resume',
  summary: 'go on after a pause',
  question: (stage) => `Resume the rollout at ${stage}?`,
  change: resumeRollout,
});

export const rearm = stateCommand({
  verb: 'rearm',
  summary: 'allow a new start after a rollback; needs --reason',
  question: () => 'Re-arm the rollout? It starts again at the first stage.',
  change: rearmRollout,
});

/** The weights stay, the state moves. */
function stateCommand({ verb, summary, question, change }: StateVerb): Command {
  return {
    summary,
    writes: 'at once',
    ofSplit: true,
    usage: `${verb} [--reason TEXT] [--if-version N]`,
    options: { reason: { type: 'string' }, 'if-version': { type: 'string' } },
    async run(call) {
      const control = await call.control('writing');
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
