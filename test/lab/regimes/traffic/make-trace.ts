import { normal, poisson, type Random } from '@/lib/replay/simulate/chance';
import type { PricesOfKey } from '@/lib/rule/buckets/bucket';
import { gridMs } from '@/lib/rule/buckets/history';
import type { Quartiles } from '@/lib/rule/buckets/quantile';
import { firstArm, type Policy } from '@/lib/split/policy/policy';
import { shareOf } from '@/lib/split/weights';
import type { Course, Given, Model } from './model';
import { type Row, Rows } from './rows';

/** One run of a model: the rows of both arms, and what a rollout knows of the time before it. */
export interface Trace {
  readonly model: Model;
  readonly policy: Policy;
  readonly rows: Rows;
  /** The last grid index, and the one before the first. */
  readonly end: number;
  readonly origin: number;
  readonly quartilesMs: Quartiles;
  readonly pricesBefore: readonly PricesOfKey[];
  readonly voucherRateBefore: { readonly vouchers: number; readonly generated: number };
}

const stepsPerMinute = 60_000 / gridMs;
const minutesOfDay = 1440;

export function makeTrace(model: Model, policy: Policy, random: Random): Trace {
  const maker = new Maker(model, policy, random);
  const quartilesMs = maker.quartiles();
  const end = Math.round(model.minutes * stepsPerMinute);
  const origin = -Math.round(model.leadMinutes * stepsPerMinute);
  for (let step = origin + 1; step <= end; step++) maker.make(step);
  const { rows } = maker;
  const generated = Math.round(minutesOfDay * model.perMinute(0));
  const { voucherRate } = maker.course.conduct('baseline', -1);
  const voucherRateBefore = { vouchers: poisson(generated * voucherRate, random), generated };
  return { model, policy, rows, end, origin, quartilesMs, pricesBefore: pricesOfDay(model, random), voucherRateBefore };
}

class Maker {
  readonly rows: Rows;
  readonly course: Course;
  private readonly row: Row;
  private readonly logMedian: number;
  private readonly candidate: string;
  private step = 0;
  private share = 0;

  constructor(
    private readonly model: Model,
    policy: Policy,
    private readonly random: Random,
  ) {
    this.rows = new Rows(Math.ceil(1.1 * (model.minutes + model.leadMinutes) * model.perMinute(0)));
    this.course = model.course(random);
    this.candidate = firstArm(policy).candidate;
    this.logMedian = Math.log(model.latency.medianMs);
    const nothing = { atMs: 0, step: 0, arm: 'baseline' as const, failed: false, latencyMs: 0 };
    this.row = { ...nothing, user: 0, price: 0, costNano: 0, voucherMs: 0 };
  }

  /** The ten seconds that end at a grid index. */
  make(step: number): void {
    const { model, course, random } = this;
    const minute = (step - 0.5) / stepsPerMinute;
    this.step = step;
    this.share = 0;
    for (const write of model.writes) if (write.minute <= minute) this.share = shareOf(write.weights, this.candidate);
    const mean = model.perMinute(minute) / stepsPerMinute;
    if (course.arrive) course.arrive(minute, mean, this.put);
    else for (let i = poisson(mean, random); i > 0; i--) this.put();
    course.beside?.(minute, this.put);
  }

  readonly put = (given?: Given): void => {
    this.draw(given);
    this.rows.add(this.row);
  };

  /** Of the baseline's rows just before the rollout. */
  quartiles(): Quartiles {
    const latencies = Float64Array.from({ length: 800 }, () => {
      this.draw({ arm: 'baseline' });
      return this.row.latencyMs;
    }).sort();
    return [latencies[200] as number, latencies[400] as number, latencies[600] as number];
  }

  private draw(given: Given | undefined): void {
    const { row, model, course, random, step } = this;
    row.step = step;
    row.atMs = (step - random()) * gridMs;
    row.user = given?.user ?? (model.users > 0 ? 1 + Math.floor(random() * model.users) : 0);
    const chosen = model.sticky && row.user > 0 ? placeOf(row.user) : random();
    row.arm = given?.arm ?? (chosen < this.share ? 'candidate' : 'baseline');
    const minute = (step - 0.5) / stepsPerMinute;
    const { failureRate, slower, voucherRate } = course.conduct(row.arm, minute);
    row.failed = given?.failed ?? random() < failureRate;
    row.latencyMs = slower * Math.exp(this.logMedian + model.latency.sigma * normal(random));
    row.price = pick(model.prices.mix(row.arm, minute), random);
    row.voucherMs = Number.POSITIVE_INFINITY;
    course.alter?.(row);
    if (row.failed) return;
    const { usd, spread } = model.prices;
    row.costNano = Math.round((usd[row.price] ?? 0) * 1e9 * (spread > 0 ? 1 + spread * normal(random) : 1));
    if (random() < voucherRate) row.voucherMs = row.atMs + 1000 * (model.delays?.draw(random) ?? 0);
  }
}

/** Where on [0, 1) a user lies, whatever the weights. */
const placeOf = (user: number): number => (Math.imul(user ^ (user >>> 15), 0x2c1b3c6d) >>> 0) / 4_294_967_296;

function pick(mix: readonly number[], random: Random): number {
  if (mix.length === 1) return 0;
  let left = random();
  for (let i = 0; i < mix.length - 1; i++) {
    left -= mix[i] as number;
    if (left < 0) return i;
  }
  return mix.length - 1;
}

function pricesOfDay({ prices, perMinute }: Model, random: Random): PricesOfKey[] {
  const mix = prices.mix('baseline', -1);
  return prices.keys.map((key, i) => {
    const priced = poisson(minutesOfDay * perMinute(0) * (mix[i] ?? 0), random);
    const nano = Math.round((prices.usd[i] ?? 0) * 1e9);
    return { key, priced, costNano: priced * nano, costNanoSquared: priced * nano * nano * (1 + prices.spread ** 2) };
  });
}
