import type { Random } from '@/lib/replay/simulate/chance';
import { type Plan, type Regime, rollout, since, usual } from './regime';
import type { Conduct, Course, Model } from './traffic/model';

const onset = 60;
const more = 120;
const anyLevel = [1, 10, 100, 1000];

const sick = (
  name: string,
  about: string,
  course: Model['course'],
  extra: Partial<Regime> = {},
  plan: Plan = { 0: 'D2' },
): Regime => ({
  name,
  about: `${about}, from minute ${onset} on`,
  onsetMinute: onset,
  model: (perMinute) => rollout(perMinute, plan, onset + more, { course }),
  ...extra,
});

/** Dead for `dead` of every `period` minutes. */
const intermittent =
  (dead: number, period: number) =>
  (random: Random): Course => {
    const phase = random() * period;
    const off: Conduct = { ...usual, failureRate: 1 };
    return {
      conduct: (arm, minute) =>
        arm === 'candidate' && minute >= onset && (minute - onset + phase) % period < dead ? off : usual,
    };
  };

const ramp = (): Course => ({
  conduct: (arm, minute) => {
    if (arm === 'baseline' || minute < onset) return usual;
    return { ...usual, failureRate: usual.failureRate + 0.09 * Math.min(1, (minute - onset) / 30) };
  },
});

/** Latencies far under the line, so that 60 % more stay under it. */
const fast = { medianMs: 2000, sigma: 0.4 };

/** What the candidate must go for, or the early warning see. */
export const sickRegimes: readonly Regime[] = [
  sick('sick-outage', 'total outage of the candidate in D2', since(onset, { failureRate: 1 }), { levels: anyLevel }),
  sick(
    'sick-outage-d1',
    'total outage of the candidate in D1',
    since(onset, { failureRate: 1 }),
    { levels: anyLevel },
    { 0: 'D1' },
  ),
  {
    name: 'sick-outage-one-user',
    about: `total outage of the candidate from minute ${onset} on; one user name for everybody`,
    onsetMinute: onset,
    levels: anyLevel,
    model: (perMinute) =>
      rollout(perMinute, { 0: 'D2' }, onset + more, { users: 1, course: since(onset, { failureRate: 1 }) }),
  },
  sick('sick-10', '10 % failures in D2', since(onset, { failureRate: 0.1 }), { levels: anyLevel }),
  sick('sick-10-d1', '10 % failures in D1', since(onset, { failureRate: 0.1 }), {}, { 0: 'D1' }),
  sick('sick-slow', 'candidate 1.7 × slower in D2, so that p95 crosses', since(onset, { slower: 1.7 })),
  sick('sick-ramp', 'failures from 1 to 10 % within 30 min in D2', ramp),
  sick('sick-2-of-10', 'dead 2 of every 10 min in D2', intermittent(2, 10)),
  sick('sick-1-of-6', 'dead 1 of every 6 min in D2', intermittent(1, 6)),
  {
    ...sick(
      'slower-60',
      'candidate 60 % slower, under 8 s, in D2 (for the early warning)',
      since(onset, { slower: 1.6 }),
    ),
    model: (perMinute) =>
      rollout(perMinute, { 0: 'D2' }, onset + more, { latency: fast, course: since(onset, { slower: 1.6 }) }),
  },
  sick(
    'failing-0.1-1.5',
    'failures 0.1 → 1.5 % in D2 (for the early warning)',
    since(onset, { failureRate: 0.015 }, {}, { failureRate: 0.001 }),
  ),
];
