import { type Bucket, binOf, type JobsOfBucket } from '@/lib/rule/buckets/bucket';
import { bucketEndMs } from './histories';
import type { LoggedRow } from './several-splits';

/** One create and what became of it, as a person would tell it. */
export interface JobStory {
  readonly arm: string;
  readonly beganMs: number;
  readonly answeredAfterMs: number;
  readonly fate: 'runs' | 'done' | 'failed' | 'given up' | 'cancelled' | 'refused' | 'not accepted';
  readonly tookMs: number;
  readonly costPerUnit: number | null;
  readonly pinned: boolean;
  /** Its first attempt went to another arm. */
  readonly rescued: boolean;
}

const priceKey = 'a model, by the second';

interface Named {
  readonly split: string;
  readonly id: string;
}

/** The rows of the log that tell it. */
export function jobRows(story: JobStory, { split, id }: Named): LoggedRow[] {
  const { arm, beganMs, answeredAfterMs, fate, tookMs, costPerUnit, pinned, rescued } = story;
  const common = {
    split,
    request_id: id,
    arm,
    ...(pinned ? { pinned } : {}),
    assigned: rescued ? (arm === 'new' ? 'old' : 'new') : arm,
  };
  const refused = fate === 'refused' ? { refused: true } : {};
  const error = fate === 'not accepted' ? { error: 'no', error_kind: 'http_500' } : refused;
  const create: LoggedRow = {
    type: 'split_route',
    data: {
      ...common,
      phase: 'create',
      attempt: rescued ? 2 : 1,
      latency_ms: answeredAfterMs,
      cost_per_image: 9,
      ...error,
    },
    atMs: beganMs + answeredAfterMs,
  };
  if (fate === 'runs' || fate === 'refused' || fate === 'not accepted') return [create];
  const outcomes = {
    done: {},
    failed: { error: 'broke', error_kind: 'http_500' },
    'given up': { error: 'never ended', error_kind: 'timeout' },
    cancelled: { outcome: 'cancelled' },
  };
  const end = {
    ...common,
    ...{
      phase: 'end',
      job_id: id,
      created_at: new Date(beganMs).toISOString(),
      duration_ms: tookMs,
      ...outcomes[fate],
    },
    ...(costPerUnit === null ? {} : { cost_per_unit: costPerUnit, price_key: priceKey }),
  };
  return [create, { type: fate === 'done' ? 'split_ok' : 'split_failed', data: end, atMs: beganMs + tookMs }];
}

/** What a bucket in which all of these began holds of them; null: nothing. */
export function jobBag(stories: readonly JobStory[]): JobsOfBucket | null {
  const took = new Map<number, number>();
  const bag = { begun: 0, done: 0, failed: 0, cancelled: 0 };
  for (const { fate, tookMs, pinned, rescued } of stories) {
    if (pinned || rescued || fate === 'refused' || fate === 'not accepted') continue;
    bag.begun += 1;
    if (fate === 'runs') continue;
    bag[fate === 'given up' ? 'failed' : fate] += 1;
    if (fate === 'done' || fate === 'failed') took.set(binOf(tookMs), (took.get(binOf(tookMs)) ?? 0) + 1);
  }
  return bag.begun === 0 ? null : { ...bag, took: [...took].sort((a, b) => a[0] - b[0]) };
}

const nothing = { requests: 0, failures: 0, refused: 0, bins: [], priced: 0, costNano: 0, costNanoSquared: 0 } as const;

/** The buckets that the database makes of the stories, by what is known at an instant. */
export function jobBuckets(stories: readonly JobStory[], knownMs = Number.POSITIVE_INFINITY): Bucket[] {
  return stories.flatMap((story) => {
    const { arm, beganMs, answeredAfterMs, fate, tookMs, costPerUnit, pinned, rescued } = story;
    if (pinned || rescued || beganMs + answeredAfterMs > knownMs) return [];
    const isBad = fate === 'not accepted';
    const empty = { ...nothing, provider: arm, generated: 0, vouchers: 0, ages: [], prices: [] };
    const answered: Bucket = {
      ...{ ...empty, atMs: bucketEndMs(beganMs + answeredAfterMs), requests: 1, failures: isBad ? 1 : 0 },
      ...{ refused: fate === 'refused' ? 1 : 0, bins: [[binOf(answeredAfterMs), 1]] },
    };
    const isToEnd = fate !== 'refused' && fate !== 'not accepted' && beganMs + tookMs > knownMs;
    const known = isToEnd ? { ...story, fate: 'runs' as const } : story;
    const jobs = jobBag([known]);
    const isPriced = costPerUnit !== null && !['runs', 'refused', 'not accepted'].includes(known.fate);
    const nano = isPriced ? Math.round(costPerUnit * 1e9) : 0;
    const priced = { priced: 1, costNano: nano, costNanoSquared: nano * nano };
    const prices = isPriced ? { ...priced, prices: [{ key: priceKey, ...priced }] } : {};
    const began = { ...empty, ...prices, atMs: bucketEndMs(beganMs), generated: known.fate === 'done' ? 1 : 0 };
    return jobs === null ? [answered] : [answered, { ...began, jobs }];
  });
}
