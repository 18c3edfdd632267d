import type { Written } from '@/lib/api/views';
import type { Control } from '@/lib/control/control';
import { currentSplit } from '@/lib/control/verbs/change-state';
import { pause as pauseRollout } from '@/lib/control/verbs/pause';
import { type RearmRequest, rearm as rearmRollout } from '@/lib/control/verbs/rearm';
import { resume as resumeRollout } from '@/lib/control/verbs/resume';
import { type Command, integerOption, reasonOption, textOption } from '../../command';

interface StateVerb {
  readonly verb: string;
  readonly summary: string;
  readonly question: (stage: string, arm: string | null) => string;
  readonly change: (control: Control, request: RearmRequest) => Promise<Written>;
  /** Options of its own. */
  readonly options?: Command['options'];
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
  question: (_, arm) => `Re-arm ${arm ?? 'the rollout'}? It starts again at the first stage.`,
  options: { arm: { type: 'string' }, override: { type: 'boolean' } },
  change: rearmRollout,
});

/** The weights stay, the state moves. */
function stateCommand({ verb, summary, question, change, options = {} }: StateVerb): Command {
  return {
    summary,
    writes: 'at once',
    ofSplit: true,
    usage: `${verb} [--reason TEXT] [--if-version N]${'arm' in options ? ' [--arm NAME [--override]]' : ''}`,
    options: { reason: { type: 'string' }, 'if-version': { type: 'string' }, ...options },
    async run(call) {
      const control = await call.control('writing');
      const { version, stage } = await currentSplit(control);
      const arm = textOption(call.values, 'arm');
      await call.confirm(question(stage, arm));
      const written = await change(control, {
        expectedVersion: integerOption(call.values, 'if-version', version),
        reason: reasonOption(call.values),
        actor: call.actor,
        ...(arm === null ? {} : { arm, override: call.values.override === true }),
      });
      call.answer(written, [`${verb}: done, version ${written.version}.`]);
      return undefined;
    },
  };
}
