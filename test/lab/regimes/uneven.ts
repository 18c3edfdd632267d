import type { Random } from '@/lib/replay/simulate/chance';
import { onePrice, type Regime, rollout, steady, usual } from './regime';
import type { Course, Prices } from './traffic/model';
import type { Arm } from './traffic/rows';

const twoPrices = (mix: Prices['mix']): Prices => ({ ...onePrice, keys: ['cheap', 'dear'], usd: [0.02, 0.08], mix });

/** The candidate's first `count` rows, changed. */
const firstRows =
  (count: (random: Random) => number, alter: NonNullable<Course['alter']>) =>
  (random: Random): Course => {
    let left = count(random);
    return {
      conduct: () => usual,
      alter(row) {
        if (row.arm !== 'candidate' || left <= 0) return;
        left--;
        alter(row);
      },
    };
  };

/** One price key of three that differs. */
const oneOfThree =
  (alter: (row: Parameters<NonNullable<Course['alter']>>[0], random: Random) => void, arms: readonly Arm[]) =>
  (random: Random): Course => ({
    conduct: () => usual,
    alter(row) {
      if (row.price === 2 && arms.includes(row.arm)) alter(row, random);
    },
  });

const threeModels: Prices = { ...onePrice, keys: ['a', 'b', 'c'], usd: [0.02, 0.04, 0.06], mix: () => [0.6, 0.3, 0.1] };

/** Traffic that is not the same all the time or for everyone, and is healthy. */
export const unevenRegimes: readonly Regime[] = [
  {
    name: 'prices-dear-first',
    about: 'the same price list; the candidate’s first six images are of the dear model; one hour of D1',
    onsetMinute: null,
    levels: [5, 10, 100, 1000],
    model: (perMinute) =>
      rollout(perMinute, { 0: 'D1' }, 60, {
        prices: twoPrices(() => [0.7, 0.3]),
        course: firstRows(
          () => 6,
          (row) => {
            row.price = 1;
          },
        ),
      }),
  },
  {
    name: 'prices-mix-drifts',
    about: 'the same price list; the share of the dear model goes from 20 to 60 % in two hours, in both',
    onsetMinute: null,
    model: (perMinute) =>
      rollout(perMinute, { 0: 'D2' }, 180, {
        prices: twoPrices((_arm, minute) => {
          const dear = 0.2 + 0.4 * Math.min(1, Math.max(0, minute / 120));
          return [1 - dear, dear];
        }),
      }),
  },
  {
    name: 'prices-own-mix',
    about: 'the same price list; 50 % of the candidate’s images are of the dear model, 30 % of the baseline’s',
    onsetMinute: null,
    model: (perMinute) =>
      rollout(perMinute, { 0: 'D2' }, 180, {
        prices: twoPrices((arm) => (arm === 'candidate' ? [0.5, 0.5] : [0.7, 0.3])),
      }),
  },
  {
    name: 'cold-start',
    about: 'the first three or four requests of D1 take 12 s and more; one hour of D1',
    onsetMinute: null,
    levels: [1, 10, 100, 1000],
    model: (perMinute) =>
      rollout(perMinute, { 0: 'D1' }, 60, {
        course: firstRows(
          (random) => (random() < 0.5 ? 3 : 4),
          (row) => {
            row.latencyMs += 12_000;
          },
        ),
      }),
  },
  {
    name: 'large-images',
    about: 'a tenth of the images is large and takes 2.5 × as long, in both; three hours of D2',
    onsetMinute: null,
    model: (perMinute) =>
      rollout(perMinute, { 0: 'D2' }, 180, {
        latency: { medianMs: 2200, sigma: 0.45 },
        prices: threeModels,
        course: oneOfThree(
          (row) => {
            row.latencyMs *= 2.5;
          },
          ['candidate', 'baseline'],
        ),
      }),
  },
  {
    name: 'd3-outages',
    about: 'a day of D3 at 0.5 % failures with an outage of 60 s every two hours',
    onsetMinute: null,
    levels: [10, 100],
    model: (perMinute) =>
      rollout(perMinute, { 0: 'D3' }, 1440, {
        course: (random) => {
          const first = 10 + 110 * random();
          const [well, dead] = [0.005, 1].map((failureRate) => ({ ...usual, failureRate }));
          return {
            conduct: (_arm, minute) => {
              const since = (((minute - first) % 120) + 120) % 120;
              return (since < 1 ? dead : well) ?? usual;
            },
          };
        },
      }),
  },
  {
    name: 'd3-day',
    about: 'a day of D3 at 0.5 % failures',
    onsetMinute: null,
    levels: [10, 100],
    model: (perMinute) => rollout(perMinute, { 0: 'D3' }, 1440, { course: steady({ failureRate: 0.005 }) }),
  },
  {
    name: 'sick-one-model',
    about: 'one model of three, a tenth of the images, fails at 60 % in the candidate from the start of D2 on',
    onsetMinute: 0,
    model: (perMinute) =>
      rollout(perMinute, { 0: 'D2' }, 180, {
        prices: threeModels,
        course: oneOfThree(
          (row, random) => {
            row.failed = random() < 0.6;
          },
          ['candidate'],
        ),
      }),
  },
];
