import { poisson, type Random } from '@/lib/replay/simulate/chance';
import { type Regime, rollout, usual } from './regime';
import type { Course } from './traffic/model';

const threeHours = 180;
/** Far from every user that a model draws. */
const looping = 2_000_000;

interface Loop {
  readonly sticky: boolean;
  readonly perMinute: number;
  readonly longestMinutes: number;
}

/** One client that asks again and again for what always fails, from some minute on. */
const loopCourse =
  ({ sticky, perMinute, longestMinutes }: Loop) =>
  (random: Random): Course => {
    const from = 10 + 50 * random();
    const until = from + 5 + (longestMinutes - 5) * random();
    return {
      conduct: () => usual,
      beside(minute, put) {
        if (minute < from || minute >= until) return;
        const given = { user: looping, failed: true, ...(sticky ? { arm: 'candidate' as const } : {}) };
        for (let i = poisson(perMinute / 6, random); i > 0; i--) put(given);
      },
    };
  };

const loop = (name: string, about: string, of: (total: number) => Loop): Regime => ({
  name,
  about: `one user whose client repeats a request that fails, ${about}; three hours of D2`,
  onsetMinute: null,
  model: (perMinute) =>
    rollout(perMinute, { 0: 'D2' }, threeHours, {
      users: 20 * Math.ceil(perMinute),
      sticky: of(perMinute).sticky,
      course: loopCourse(of(perMinute)),
    }),
});

/** The loop's rate that makes it this share of the candidate's rows, of which it alone has half of the others. */
const beside = (total: number, share: number): number => ((total / 2) * share) / (1 - share);

/** One user's loop; only below a fifth of the arm's rows can it be told from everybody's. */
export const loopRegimes: readonly Regime[] = [
  loop('loop-sticky', 'one to four times a minute for 5–30 min, all to the candidate', (total) => ({
    sticky: true,
    perMinute: Math.min(4, total / 10),
    longestMinutes: 30,
  })),
  loop('loop-roaming', 'one to four times a minute for 5–30 min, to either arm', (total) => ({
    sticky: false,
    perMinute: Math.min(4, total / 10),
    longestMinutes: 30,
  })),
  loop('loop-sticky-tenth', 'a tenth of the candidate’s rows', (total) => ({
    sticky: true,
    perMinute: beside(total, 0.1),
    longestMinutes: 120,
  })),
  loop('loop-roaming-tenth', 'a tenth of both arms’ rows', (total) => ({
    sticky: false,
    perMinute: 2 * beside(total, 0.1),
    longestMinutes: 120,
  })),
  loop('loop-roaming-third', 'a third of both arms’ rows', (total) => ({
    sticky: false,
    perMinute: 2 * beside(total, 1 / 3),
    longestMinutes: 120,
  })),
  loop('loop-sticky-third', 'a third of the candidate’s rows (cannot be told from a sick candidate)', (total) => ({
    sticky: true,
    perMinute: beside(total, 1 / 3),
    longestMinutes: 120,
  })),
];
