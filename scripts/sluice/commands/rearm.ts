import { rearm as rearmRollout } from '@/lib/control/verbs/rearm';
import { stateCommand } from '../state-command';

export const rearm = stateCommand({
  verb: 'rearm',
  summary: 'allow a new start after a rollback; needs --reason',
  question: () => 'Re-arm the rollout? It starts again at the first stage.',
  change: rearmRollout,
});
