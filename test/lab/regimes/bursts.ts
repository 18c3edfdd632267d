import { poisson, type Random } from '@/lib/replay/simulate/chance';
import { type Regime, rollout, usual } from './regime';
import type { Conduct, Course, Given } from './traffic/model';
import type { Arm } from './traffic/rows';

const threeHours = 180;

interface Bursts {
  readonly failureRate: number;
  readonly perHour: number;
  readonly shortestSeconds: number;
  readonly longestSeconds: number;
  /** Failures outside of bursts. */
  readonly otherwise: number;
  /** Whether both arms have the same ones. */
  readonly shared: boolean;
}

/** 20 % failures for 20 to 90 s, 1.6 an hour: 1 % in the mean. */
export const usualBursts: Bursts = {
  ...{ failureRate: 0.2, perHour: 1.6, shortestSeconds: 20, longestSeconds: 90 },
  ...{ otherwise: 0.0052, shared: false },
};

/** A chain of two states, well and in a burst; each arm has its own. */
export const burstCourse =
  (bursts: Bursts, minutes: number) =>
  (random: Random): Course => {
    const candidate = spells(bursts, minutes, random);
    const baseline = bursts.shared ? candidate : spells(bursts, minutes, random);
    const well: Conduct = { ...usual, failureRate: bursts.otherwise };
    const sick: Conduct = { ...usual, failureRate: bursts.failureRate };
    const within = (spans: readonly Spell[], minute: number) =>
      spans.some(([from, to]) => minute >= from && minute < to);
    return {
      conduct: (arm: Arm, minute: number) => (within(arm === 'candidate' ? candidate : baseline, minute) ? sick : well),
    };
  };

type Spell = readonly [fromMinute: number, toMinute: number];

function spells({ perHour, shortestSeconds, longestSeconds }: Bursts, minutes: number, random: Random): Spell[] {
  const found: Spell[] = [];
  for (let at = gap(perHour, random); at < minutes; ) {
    const end = at + (shortestSeconds + random() * (longestSeconds - shortestSeconds)) / 60;
    found.push([at, end]);
    at = end + gap(perHour, random);
  }
  return found;
}

const gap = (perHour: number, random: Random): number => (-Math.log(1 - random()) * 60) / perHour;

interface Batches {
  readonly largest: number;
  /** Whether a batch goes to one arm, and whether its rows name its user. */
  readonly together: boolean;
  readonly named: boolean;
}

/** Requests that come by 1 to `largest` and all succeed or all fail; 1 % of batches fail. */
const batchCourse =
  ({ largest, together, named }: Batches, candidateShare: number) =>
  (random: Random): Course => {
    let user = 0;
    return {
      conduct: () => usual,
      arrive(_minute, mean, put) {
        for (let batch = poisson((2 * mean) / (largest + 1), random); batch > 0; batch--) {
          user++;
          const arm: Arm = random() < candidateShare ? 'candidate' : 'baseline';
          const given: Given = {
            failed: random() < usual.failureRate,
            ...(together ? { arm } : {}),
            ...(named ? { user } : {}),
          };
          for (let i = Math.ceil(random() * largest); i > 0; i--) put(given);
        }
      },
    };
  };

const batches = (name: string, about: string, is: Batches): Regime => ({
  name,
  about: `batches of up to ${is.largest} that share their fate, 1 % in the mean, ${about}; three hours of D2`,
  onsetMinute: null,
  model: (perMinute) => rollout(perMinute, { 0: 'D2' }, threeHours, { course: batchCourse(is, 0.5) }),
});

const bursts = (name: string, about: string, is: Bursts): Regime => ({
  name,
  about: `${about}; three hours of D2`,
  onsetMinute: null,
  model: (perMinute) => rollout(perMinute, { 0: 'D2' }, threeHours, { course: burstCourse(is, threeHours) }),
});

/** Failures that come together. */
export const burstRegimes: readonly Regime[] = [
  bursts('bursts', '20 % failures for 20–90 s, 1.6 an hour, 1 % in the mean', usualBursts),
  bursts('bursts-shared', 'the same bursts in both arms', { ...usualBursts, shared: true }),
  bursts('bursts-sharp', '80 % failures for 10–30 s, 1.2 an hour, 1 % in the mean', {
    ...usualBursts,
    ...{ failureRate: 0.8, perHour: 1.2, shortestSeconds: 10, longestSeconds: 30, otherwise: 0.0047 },
  }),
  batches('batches', 'each image to its own arm', { largest: 20, together: false, named: false }),
  batches('batches-one-arm', 'each batch to one arm', { largest: 20, together: true, named: false }),
  batches('batches-of-users', 'each batch one user, to one arm', { largest: 20, together: true, named: true }),
  batches('batches-small', 'each batch to one arm', { largest: 6, together: true, named: false }),
];
