import { type Plan, type Regime, rollout, since, steady } from './regime';
import { logNormalDelays, uniformDelays } from './traffic/delays';
import type { Model } from './traffic/model';

const median30 = logNormalDelays(30, 1);
const upTo2h = uniformDelays(30, 120);
const lead = 180;

const late = (name: string, about: string, plan: Plan, minutes: number, model: Partial<Model>): Regime => ({
  name,
  about,
  onsetMinute: null,
  model: (perMinute) => {
    const { perMinute: shape, ...rest } = model;
    const scaled = shape ? { perMinute: (minute: number) => perMinute * shape(minute) } : {};
    return rollout(perMinute, plan, minutes, { leadMinutes: lead, ...rest, ...scaled });
  },
});

/** An evening: the traffic halves every 45 minutes from the third hour on. */
const evening = (minute: number) => 2 ** (-Math.max(0, minute - 120) / 45);
const growing = (minute: number) => Math.min(1, 2 ** ((minute - 180) / 45));

const sick = (name: string, rate: number, delays = median30): Regime => ({
  name,
  about: `${rate * 100} % vouchers of generations from minute 60 of D2 on, delayed by a median of 30 min`,
  onsetMinute: 60,
  model: (perMinute) =>
    rollout(perMinute, { 0: 'D2' }, 300, { leadMinutes: lead, delays, course: since(60, { voucherRate: rate }) }),
});

/** Vouchers that come long after what they complain about. */
export const voucherRegimes: readonly Regime[] = [
  late('vouchers-late', 'vouchers delayed by a median of 30 min, steady traffic', { 0: 'D2' }, 240, {
    delays: median30,
  }),
  late('vouchers-lowered', 'an operator lowers 50 → 10 %, vouchers 30–120 min late', { 0: 'D2', 150: 'D1' }, 330, {
    delays: upTo2h,
  }),
  late(
    'vouchers-lowered-log',
    'an operator lowers 50 → 10 %, vouchers late by a median of 30 min',
    { 0: 'D2', 150: 'D1' },
    330,
    {
      delays: median30,
    },
  ),
  late('vouchers-evening', 'traffic halves every 45 min, vouchers late by a median of 30 min', { 0: 'D2' }, 360, {
    delays: median30,
    perMinute: evening,
  }),
  late('vouchers-evening-2h', 'traffic halves every 45 min, vouchers 30–120 min late', { 0: 'D2' }, 360, {
    delays: upTo2h,
    perMinute: evening,
  }),
  late('vouchers-growing', 'traffic doubles every 45 min, vouchers late by a median of 30 min', { 0: 'D2' }, 240, {
    delays: median30,
    perMinute: growing,
  }),
  late(
    'vouchers-4.5',
    'vouchers steady at 4.5 % in both, late by a median of 30 min; three hours of D2',
    { 0: 'D2' },
    180,
    {
      delays: median30,
      course: steady({ voucherRate: 0.045 }, { voucherRate: 0.045 }),
    },
  ),
  late('vouchers-4.5-at-once', 'vouchers steady at 4.5 % in both, at once; three hours of D2', { 0: 'D2' }, 180, {
    course: steady({ voucherRate: 0.045 }, { voucherRate: 0.045 }),
  }),
  late(
    'vouchers-unnamed-5.5',
    'vouchers that name nobody steady at 5.5 %, as before; three hours of D2',
    { 0: 'D2' },
    180,
    {
      delays: median30,
      vouchersNamed: false,
      course: steady({ voucherRate: 0.055 }, { voucherRate: 0.055 }),
    },
  ),
  sick('sick-vouchers-15', 0.15),
  sick('sick-vouchers-8', 0.08),
];
