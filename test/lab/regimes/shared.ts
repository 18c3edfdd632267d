import type { Random } from '@/lib/replay/simulate/chance';
import { type Plan, type Regime, rollout, since, usual } from './regime';
import type { Conduct, Course, Model } from './traffic/model';

const onset = 60;
const twoHoursMore = 180;

const shared = (name: string, about: string, course: Model['course'], plan: Plan = { 0: 'D2' }): Regime => ({
  name,
  about: `${about}, from minute ${onset} on`,
  onsetMinute: null,
  model: (perMinute) => rollout(perMinute, plan, twoHoursMore, { course }),
});

const both = (is: Partial<Conduct>) => since(onset, is, is);

/** Both sick for half an hour, then well. */
const passing =
  (is: Partial<Conduct>) =>
  (_random: Random): Course => {
    const sick = { ...usual, ...is };
    return { conduct: (_arm, minute) => (minute >= onset && minute < onset + 30 ? sick : usual) };
  };

/** What is nobody's fault but the surroundings', and what only looks like it. */
export const sharedRegimes: readonly Regime[] = [
  shared('shared-10', 'both fail at 10 % in D2', both({ failureRate: 0.1 })),
  shared('shared-10-d1', 'both fail at 10 % in D1', both({ failureRate: 0.1 }), { 0: 'D1' }),
  shared('shared-5-passing', 'both fail at 5 % for half an hour of D2', passing({ failureRate: 0.05 })),
  shared('shared-slow', 'both 1.7 × slower in D2, so that p95 crosses', both({ slower: 1.7 })),
  shared('shared-slow-d1', 'both 1.7 × slower in D1, so that p95 crosses', both({ slower: 1.7 }), { 0: 'D1' }),
  shared('shared-outage', 'total outage of both in D2', both({ failureRate: 1 })),
  shared('shared-outage-d1', 'total outage of both in D1', both({ failureRate: 1 }), { 0: 'D1' }),
  shared('shared-at-write', 'both fail at 10 % just when an operator goes from D1 to D2', both({ failureRate: 0.1 }), {
    0: 'D1',
    [onset]: 'D2',
  }),
  shared(
    'shared-after-write',
    'both fail at 10 % two minutes after the step from D1 to D2',
    both({ failureRate: 0.1 }),
    {
      0: 'D1',
      [onset - 2]: 'D2',
    },
  ),
];

const worse = (
  name: string,
  about: string,
  candidate: Partial<Conduct>,
  baseline: Partial<Conduct>,
  plan: Plan,
): Regime => ({
  name,
  about: `${about}, from minute ${onset} on`,
  onsetMinute: onset,
  model: (perMinute) => rollout(perMinute, plan, twoHoursMore, { course: since(onset, candidate, baseline) }),
});

/** A candidate that is worse than a sick baseline. */
export const worseRegimes: readonly Regime[] = [
  worse(
    'sick-12-10',
    'candidate 12 %, baseline 10 % failures in D2',
    { failureRate: 0.12 },
    { failureRate: 0.1 },
    { 0: 'D2' },
  ),
  worse(
    'sick-30-10',
    'candidate 30 %, baseline 10 % failures in D2',
    { failureRate: 0.3 },
    { failureRate: 0.1 },
    { 0: 'D2' },
  ),
  worse(
    'sick-30-10-d1',
    'candidate 30 %, baseline 10 % failures in D1',
    { failureRate: 0.3 },
    { failureRate: 0.1 },
    { 0: 'D1' },
  ),
  {
    name: 'sick-rescues',
    about: `candidate 40 % from minute ${onset} of D2 on; its rescues make the baseline fail at 10 % from four minutes later on`,
    onsetMinute: onset,
    model: (perMinute) =>
      rollout(perMinute, { 0: 'D2' }, twoHoursMore, {
        course: () => ({
          conduct(arm, minute) {
            if (arm === 'candidate') return minute >= onset ? { ...usual, failureRate: 0.4 } : usual;
            return minute >= onset + 4 ? { ...usual, failureRate: 0.1 } : usual;
          },
        }),
      }),
  },
];
