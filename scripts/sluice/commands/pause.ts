import { pause as pauseRollout } from '@/lib/control/verbs/pause';
import { stateCommand } from '../state-command';

export const pause = stateCommand({
  verb: 'pause',
  summary: 'stop promotion; rollback stays armed',
  question: (stage) => `Pause the rollout at ${stage}?`,
  change: pauseRollout,
});
