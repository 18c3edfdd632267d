import type { Random } from '@/lib/replay/simulate/chance';

export const stepsPerDay = 8640;
export const minutes = 6;
export const hours = 360;

/** What is wrong for a while. */
export type Trouble =
  | { readonly kind: 'store-away' | 'watchdog-down' | 'blind' | 'no-traffic' | 'baseline-dead' }
  /** One instance reaches neither the store nor the listeners: it routes by what it knows and spools. */
  | { readonly kind: 'instance-cut' | 'instance-frozen'; readonly instance: number }
  | { readonly kind: 'events-lost'; readonly share: number }
  | {
      readonly kind: 'regression';
      readonly provider: 'fal' | 'runware';
      readonly what: Sickness;
      readonly severity: number;
    };

export type Sickness = 'failures' | 'slowness' | 'cost' | 'vouchers' | 'loose-vouchers';

export interface Span {
  readonly from: number;
  readonly to: number;
  readonly trouble: Trouble;
}

export const acts = [
  ...['progress', 'override', 'stale-advance', 'stale-weights', 'custom-weights', 'rollback', 'pause', 'resume'],
  ...['acknowledge', 'policy', 'policy-reset', 'raw-weights', 'raw-garbage', 'raw-delete', 'psql-left-open'],
  ...['clock-back', 'clock-forward'],
] as const;
export type Act = (typeof acts)[number];

export interface Happening {
  readonly step: number;
  readonly act: string;
}

export interface Plan {
  readonly steps: number;
  readonly perMinute: number;
  /** Traffic comes every so many steps: a minute's worth at once, or evenly. */
  readonly every: number;
  /** Requests come in the first so many steps of each day; the rest of it is night. */
  readonly dayEnds: number;
  readonly watchdogs: 1 | 2;
  /** A per-minute outside cron ticks as well. */
  readonly cron: boolean;
  readonly autoAdvance: boolean;
  readonly literal: boolean;
  /** Every line is judged over five minutes and held for two: an eighth of the log to read at each judgement. */
  readonly shortWindows: boolean;
  readonly spans: readonly Span[];
  readonly happenings: readonly Happening[];
}

/** What will go wrong in one rollout, and what people will try; drawn once, from the seed alone. */
export function drawPlan(random: Random, steps: number): Plan {
  const between = (low: number, high: number) => low + Math.floor(random() * (high - low));
  const oneOf = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const chance = (share: number) => random() < share;
  const days = steps / stepsPerDay;
  const dayEnds = chance(0.1) ? stepsPerDay : between(3, 7) * hours;
  /** Mostly by day, when there is something to get wrong. */
  const moment = () => {
    const any = between(1, steps);
    if (chance(0.15)) return any;
    return Math.min(any, any - (any % stepsPerDay) + 1 + Math.floor(((any % stepsPerDay) / stepsPerDay) * dayEnds));
  };
  const spans: Span[] = [];
  const some = (perWeek: number) => {
    let count = 0;
    for (let mean = (perWeek * days) / 7; mean > 0; mean--) count += chance(Math.min(1, mean)) ? 1 : 0;
    return count;
  };
  const add = (perWeek: number, low: number, high: number, trouble: () => Trouble) => {
    for (let left = some(perWeek); left > 0; left--) {
      const from = moment() + minutes;
      spans.push({ from, to: from + between(low, high), trouble: trouble() });
    }
  };
  add(2, 3, 60 * minutes, () => ({ kind: 'store-away' }));
  add(3, 3, 150 * minutes, () => ({ kind: 'watchdog-down' }));
  add(1, 6, 30 * minutes, () => ({ kind: 'blind' }));
  add(1, 30, 4 * hours, () => ({ kind: 'no-traffic' }));
  add(0.7, 30, 2 * hours, () => ({ kind: 'baseline-dead' }));
  add(3, 2, 40 * minutes, () => ({ kind: 'instance-cut', instance: between(0, 3) }));
  add(3, 2, 40 * minutes, () => ({ kind: 'instance-frozen', instance: between(0, 3) }));
  add(1, 6, 2 * hours, () => ({ kind: 'events-lost', share: oneOf([0.1, 0.5, 1]) }));
  const sickness = (): Trouble => ({
    ...{ kind: 'regression', provider: chance(0.75) ? 'runware' : 'fal' },
    ...{ what: oneOf(['failures', 'failures', 'slowness', 'cost', 'vouchers', 'loose-vouchers'] as const) },
    severity: oneOf([0.5, 1, 2, 4]),
  });
  add(4, 3, 10 * minutes, sickness);
  add(4, 10 * minutes, 2 * hours, sickness);
  const happenings: Happening[] = [];
  const every = (perWeek: number, act: Act) => {
    for (let left = some(perWeek); left > 0; left--) happenings.push({ step: moment(), act });
  };
  for (let step = between(10, 3 * hours); step < steps; step += between(15 * minutes, 3 * hours))
    if (step % stepsPerDay < dayEnds + hours || chance(0.2)) happenings.push({ step, act: 'progress' });
  const perWeek: Readonly<Record<string, number>> = {
    ...{ override: 3, 'stale-advance': 5, 'stale-weights': 3, 'custom-weights': 3, rollback: 3, pause: 2, resume: 3 },
    ...{ acknowledge: 8, policy: 2, 'policy-reset': 1, 'raw-weights': 3, 'raw-garbage': 1, 'raw-delete': 0.5 },
    ...{ 'psql-left-open': 1, 'clock-back': 0.5, 'clock-forward': 0.5 },
  };
  for (const act of acts) if (act !== 'progress') every(perWeek[act] ?? 0, act as Act);
  // Now and then two things at the very same moment: that is what races are made of.
  for (const { step } of [...happenings])
    if (chance(0.12))
      happenings.push({ step, act: oneOf(['rollback', 'progress', 'override', 'stale-advance', 'raw-weights']) });
  return {
    ...{
      steps,
      dayEnds,
      perMinute: oneOf([1, 4, 10, 20, 40]),
      every: oneOf([1, 3, 3, 3, ...Array<number>(36).fill(6)]),
      watchdogs: chance(0.5) ? 2 : 1,
    },
    ...{ cron: chance(0.15), autoAdvance: chance(0.2), literal: chance(0.1), shortWindows: chance(0.9) },
    ...{ spans, happenings: happenings.sort((a, b) => a.step - b.step) },
  };
}
