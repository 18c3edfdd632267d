import { type Regime, rollout, steady } from './regime';

const threeHours = 180;
const anyLevel = [1, 10, 100, 1000];

const failing = (percent: number): Regime => ({
  name: `steady-${percent}`,
  about: `${percent} % failures, independent, for three hours of D2; baseline 1 %`,
  onsetMinute: null,
  model: (perMinute) => rollout(perMinute, { 0: 'D2' }, threeHours, { course: steady({ failureRate: percent / 100 }) }),
});

/** Failures that do not depend on each other. */
export const steadyRegimes: readonly Regime[] = [
  {
    name: 'healthy-d1',
    about: 'independent failures of 1 %, one hour of D1',
    onsetMinute: null,
    levels: anyLevel,
    model: (perMinute) => rollout(perMinute, { 0: 'D1' }, 60),
  },
  {
    name: 'healthy-d2',
    about: 'independent failures of 1 %, three hours of D2',
    onsetMinute: null,
    levels: anyLevel,
    model: (perMinute) => rollout(perMinute, { 0: 'D2' }, threeHours),
  },
  {
    name: 'healthy-plan',
    about: 'the whole plan: an hour of D1, three of D2, two of D3',
    onsetMinute: null,
    model: (perMinute) => rollout(perMinute, { 0: 'D1', 60: 'D2', 240: 'D3' }, 360),
  },
  failing(1.5),
  failing(1.9),
  {
    ...failing(3),
    about: '3 % failures from the start of D2 on, baseline 1 %',
    onsetMinute: 0,
  },
  {
    name: 'both-1.9',
    about: 'both at 1.9 % failures, three hours of D2',
    onsetMinute: null,
    model: (perMinute) =>
      rollout(perMinute, { 0: 'D2' }, threeHours, { course: steady({ failureRate: 0.019 }, { failureRate: 0.019 }) }),
  },
];
