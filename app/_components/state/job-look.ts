import type { IconName } from '../ui/icon';
import type { Tone } from './condition';

export const jobStates = [
  ...(['attempting', 'accepted', 'running', 'unknown', 'completed'] as const),
  ...(['failed', 'expired', 'cancelled', 'refused', 'unknown_final'] as const),
] as const;
type JobState = (typeof jobStates)[number];

interface Look {
  readonly tone: Tone;
  readonly icon: IconName;
}

const looks: Readonly<Record<JobState, Look>> = {
  attempting: { tone: 'unknown', icon: 'forward' },
  accepted: { tone: 'unknown', icon: 'clock' },
  running: { tone: 'well', icon: 'play' },
  unknown: { tone: 'caution', icon: 'alert' },
  completed: { tone: 'well', icon: 'check' },
  failed: { tone: 'breach', icon: 'close' },
  expired: { tone: 'breach', icon: 'clock' },
  cancelled: { tone: 'unknown', icon: 'dash' },
  refused: { tone: 'breach', icon: 'back' },
  unknown_final: { tone: 'caution', icon: 'alert' },
};

export const isJobState = (state: string): state is JobState => state in looks;

/** A later version may know states that this page does not. */
export const jobLook = (state: string): Look => (isJobState(state) ? looks[state] : { tone: 'unknown', icon: 'dot' });
