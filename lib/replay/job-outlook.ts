import { jobAgeOf } from '@/lib/rule/buckets/history';
import { type Luck, luckOf } from '@/lib/rule/evidence';
import { isUnder, tail } from '@/lib/rule/gauges/gauge-share';
import { fewestRows } from '@/lib/rule/gauges/red-lines';
import type { Policy, RedLine, Stage } from '@/lib/split/policy/policy';
import { shareOf } from '@/lib/split/weights';

export { jobAgeOf };

/** How a split's jobs went so far, or what is assumed where none has ended yet. */
export interface JobHabits {
  readonly basis: 'history' | 'assumed';
  /** Jobs that these figures are of, and over how many hours. */
  readonly jobs: number;
  readonly hours: number;
  readonly orders_per_minute: number;
  /** Until they were done; null: so many have not ended that it cannot be said. */
  readonly p50_ms: number | null;
  readonly p95_ms: number | null;
  /** A job; null: not said. */
  readonly cost_usd: number | null;
}

/** What must change for the ends of jobs to be judged within the stage. null: that alone does not do it. */
interface JobShortage {
  /** `window`: too few jobs come in the window of a line for it ever to be ok. `stage`: it ends too soon. */
  readonly of: 'window' | 'stage';
  readonly share: number | null;
  readonly minutes: number | null;
}

/** When the ends of a candidate's jobs can be judged in one stage, in minutes from its beginning; null: not at all. */
export interface JobOutlook {
  readonly stage: string;
  readonly arm: string;
  readonly orders_per_minute: number;
  readonly share: number;
  readonly jobs_per_minute: number;
  /** So many must have been seen: for a line to be ok, and for `badShare` of them to be no bad luck. */
  readonly needed_jobs: number;
  /**
   * When a candidate is taken back of which `badShare` fail; and one of which they take too long or never end. null too
   * where the line only signals.
   */
  readonly failing_after_minutes: number | null;
  readonly slow_after_minutes: number | null;
  /** Both, and a good one is called ok. */
  readonly known_after_minutes: number | null;
  readonly stage_minutes: number | null;
  /** What a bad candidate is sent until then, or until the stage ends where a line only signals; null: there is no end. */
  readonly lost_jobs: number | null;
  readonly lost_usd: number | null;
  readonly shortage: JobShortage | null;
  /** The split's jobs take as long already as the line of the time to done allows. */
  readonly limit_is_usual: boolean;
}

/** How much of a plainly bad candidate's jobs ends badly; as in `npm run bench -- survivors`. */
export const badShare = 0.3;

/** What the rows of a split's jobs say; a time without end is `Infinity`. */
interface PastJobs extends Pick<JobHabits, 'jobs' | 'hours' | 'p50_ms' | 'p95_ms' | 'cost_usd'> {
  readonly orders: number;
  readonly minutes: number;
}

/** Where nothing was ordered. */
const assumedPerMinute = 1;

export function habitsOf(policy: Policy, past: PastJobs): JobHabits {
  const { orders, minutes, jobs, hours, p50_ms, p95_ms, cost_usd } = past;
  const perMinute = orders === 0 ? assumedPerMinute : orders / Math.max(1, minutes);
  const assumed = { ...assumedHabits(policy, perMinute), hours: minutes / 60, cost_usd };
  if (jobs === 0) return assumed;
  return { ...assumed, basis: 'history', jobs, hours, p50_ms: finite(p50_ms), p95_ms: finite(p95_ms) };
}

const finite = (ms: number | null) => (Number.isFinite(ms) ? ms : null);

/** Where no job has ended: half of what the line allows, as a healthy provider is half of each line. */
export function assumedHabits(policy: Policy, ordersPerMinute: number): JobHabits {
  const ageMs = jobAgeOf(policy) ?? 0;
  const took = { p50_ms: ageMs / 4, p95_ms: ageMs / 2 };
  return { basis: 'assumed', jobs: 0, hours: 0, orders_per_minute: ordersPerMinute, ...took, cost_usd: null };
}

/** For each candidate with a share in the stage. Nothing where the policy is not about jobs. */
export function jobOutlooks(policy: Policy, stage: Stage, habits: JobHabits): readonly JobOutlook[] {
  const needs = needsOf(policy, stage, habits);
  if (needs === null) return [];
  const arms = policy.candidates.filter((arm) => shareOf(stage.weights, arm) > 0);
  return arms.map((arm) => outlookOf(stage, arm, habits, needs));
}

/** Known after so many minutes, and the minutes in which so many jobs are ordered. */
type Need = readonly [minutes: number, jobs: number];

interface Needs {
  readonly ok: readonly Need[];
  readonly failing: readonly Need[] | null;
  readonly slow: readonly Need[] | null;
  /** Of these, those whose line takes nothing back. */
  readonly signals: { readonly failing: boolean; readonly slow: boolean };
  /** In the narrowest window of a line there must be as many as `ok` takes. */
  readonly windowMinutes: number;
  readonly jobs: number;
  readonly isUsual: boolean;
}

/** null: no line is about how jobs end. */
function needsOf(policy: Policy, stage: Stage, habits: JobHabits): Needs | null {
  const line = (metric: RedLine['metric']) => policy.redLines.find((each) => each.metric === metric);
  const [failing, slow] = [line('end_failure_rate'), line('p95_time_to_done_ms')];
  const ageMs = jobAgeOf(policy);
  const lines = [failing, slow].filter((each) => each !== undefined);
  if (ageMs === null || lines.length === 0) return null;
  const luck = luckOf(stage.observeSeconds === null, policy.candidates.length);
  const age = ageMs / 60_000;
  const needed = (share: number) => (policy.evidence === 'observed' ? 1 : neededFor(share, luck));
  const ofFailing = failing && needed(failing.limit ?? 0);
  const ofSlow = slow && needed(lateShare);
  const firstEnd = Math.min(age, (habits.p50_ms ?? ageMs) / 60_000);
  return {
    ok: [[age, fewestRows]],
    // Failures count from when their jobs were ordered on, and are known when those have ended.
    failing:
      failing && ofFailing
        ? [
            [hold(failing), jobsUntilBad(1)],
            [firstEnd, ofFailing],
          ]
        : null,
    slow:
      slow && ofSlow
        ? [
            [age + hold(slow), jobsUntilBad(2)],
            [age, ofSlow],
          ]
        : null,
    signals: { failing: failing?.action === 'signal', slow: slow?.action === 'signal' },
    windowMinutes: Math.min(...lines.map(({ windowSeconds }) => windowSeconds / 60)),
    jobs: Math.max(fewestRows, ofFailing ?? 0, ofSlow ?? 0),
    isUsual: habits.basis === 'history' && slow !== undefined && takesAsLong(habits, slow.limit ?? 0),
  };
}

/** p95 ≥ L says that 5 % of the jobs took L or longer. */
const lateShare = 0.05;
const dust = 1e-9;
const hold = ({ holdSeconds }: RedLine) => holdSeconds / 60;
const jobsUntilBad = (bad: number) => Math.ceil(bad / badShare - dust);
const takesAsLong = ({ jobs, p95_ms }: JobHabits, limitMs: number) =>
  jobs >= fewestRows && (p95_ms === null || p95_ms >= limitMs);

/**
 * The fewest jobs of which as many as `badShare` are no luck, and stay none however many more come: neither of a provider
 * at half the line nor of one on it. 0: that many are within the line.
 */
function neededFor(line: number, luck: Luck): number {
  for (let bad = 1; line < badShare && bad < 1000; bad++) {
    const most = jobsUntilBad(bad + 1) - 1;
    if (isUnder(tail(bad, most, line / 2), luck.healthy) && tail(bad, most, line) < luck.onTheLine)
      return jobsUntilBad(bad);
  }
  return 0;
}

function outlookOf(stage: Stage, arm: string, habits: JobHabits, needs: Needs): JobOutlook {
  const { orders_per_minute: orders, cost_usd: costUsd } = habits;
  const share = shareOf(stage.weights, arm);
  const rate = orders * share;
  const minutes = stage.observeSeconds === null ? null : stage.observeSeconds / 60;
  const isThin = rate * needs.windowMinutes < fewestRows - dust;
  const after = (each: readonly Need[] | null) => (isThin || each === null ? null : afterMinutes(each, rate));
  const all = [...needs.ok, ...(needs.failing ?? []), ...(needs.slow ?? [])];
  const known = after(all);
  const { signals } = needs;
  const until = signals.failing || signals.slow ? minutes : (known ?? minutes);
  const lost = until === null ? null : rate * until;
  return {
    ...{ stage: stage.name, arm, orders_per_minute: orders, share, jobs_per_minute: rate, needed_jobs: needs.jobs },
    failing_after_minutes: signals.failing ? null : after(needs.failing),
    slow_after_minutes: signals.slow ? null : after(needs.slow),
    known_after_minutes: known,
    stage_minutes: minutes,
    lost_jobs: lost,
    lost_usd: lost === null || costUsd === null ? null : lost * costUsd,
    shortage: isKnownWithin(known, minutes) ? null : shortageOf(all, needs, { orders, share, minutes, known }),
    limit_is_usual: needs.isUsual,
  };
}

const afterMinutes = (needs: readonly Need[], rate: number) =>
  Math.max(...needs.map(([minutes, jobs]) => minutes + jobs / rate));

const isKnownWithin = (known: number | null, minutes: number | null) =>
  known !== null && (minutes === null || known <= minutes + dust);

interface Place {
  readonly orders: number;
  readonly share: number;
  readonly minutes: number | null;
  readonly known: number | null;
}

function shortageOf(all: readonly Need[], { windowMinutes }: Needs, place: Place): JobShortage {
  const { orders, share, minutes, known } = place;
  const inStage = ([at, jobs]: Need) => (minutes === null ? 0 : at < minutes ? jobs / (minutes - at) : Infinity);
  const wanted = wholePercent(Math.max(fewestRows / windowMinutes, ...all.map(inStage)) / orders);
  const long = known ?? (orders > 0 ? fewestRows / (orders * share) : null);
  return {
    of: known === null ? 'window' : 'stage',
    share: wanted <= 1 ? wanted : null,
    minutes: long === null ? null : Math.ceil(long - dust),
  };
}

/** Upwards, so that it is enough. */
const wholePercent = (share: number) => Math.ceil(share * 100 - dust) / 100;
