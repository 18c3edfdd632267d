import { resume as resumeRollout } from '@/lib/control/verbs/resume';
import { stateCommand } from '../state-command';

export const resume = stateCommand({
  verb: 'resume',
  summary: 'go on after a pause',
  question: (stage) => `Resume the rollout at ${stage}?`,
  change: resumeRollout,
});
