import { durationText } from '@/lib/kernel/duration';
import { isCost, isJobMetric, type Metric } from '@/lib/split/policy/metrics';
import { type ArmPolicy, type Policy, policyFor } from '@/lib/split/policy/policy';
import { jobAgeOf } from './buckets/history';
import { isCrossed } from './hold';
import type { Hindrance, LineVerdict, Warning } from './verdict';

const names: Readonly<Record<Metric, string>> = {
  p95_latency_ms: 'p95 latency',
  failure_rate: 'failure rate',
  cost_per_image: 'cost per image',
  regenerate_voucher_rate: 'regenerate voucher rate',
  accept_failure_rate: 'rate of jobs not accepted',
  end_failure_rate: 'rate of jobs that fail',
  p95_time_to_done_ms: 'p95 time to done',
  cost_per_unit: 'cost per unit',
};

export const metricName = (metric: Metric): string => names[metric];

/** A number as its metric is read: 8,120 ms, 3.4 %, $0.0612. */
export function metricText(metric: Metric, value: number | null): string {
  if (value === null) return 'unknown';
  if (metric === 'p95_latency_ms') return `${Math.round(value).toLocaleString('en-US')} ms`;
  if (metric === 'p95_time_to_done_ms') return `${Number((value / 1000).toPrecision(4)).toLocaleString('en-US')} s`;
  if (isCost(metric)) return `$${Number(value.toPrecision(4))}`;
  return `${Number((value * 100).toPrecision(3))} %`;
}

/** A chance as people say it: 1 in 48,000. */
export function chanceText(chance: number): string {
  if (chance >= 0.5) return 'as likely as not';
  if (chance < 1e-12) return 'less than 1 in a trillion';
  return `1 in ${Number((1 / chance).toPrecision(2)).toLocaleString('en-US')}`;
}

/** What a bet on "worse" has grown to, as people say it: 4,000 : 1. */
function betText(odds: number): string {
  if (odds >= 1e12) return 'more than a trillion : 1';
  return `${Number(Math.max(1, odds).toPrecision(2)).toLocaleString('en-US')} : 1`;
}

const worse: Readonly<Record<Warning['metric'], string>> = {
  failure_rate: 'fails more often',
  p95_latency_ms: 'is slower',
};

/** The early warning in one sentence, and what the lines say meanwhile. */
export function explainWarning(
  { arm, metric, sinceMs, odds }: Warning,
  { baseline }: Policy,
  lines: readonly LineVerdict[],
): string {
  const since = new Date(sinceMs).toISOString().slice(0, 16).replace('T', ' ');
  const over = lines.filter((line) => line.arm === arm && isCrossed(line)).map((line) => names[line.metric]);
  const crossed = over.length > 0 ? `Over its red line now: ${over.join(', ')}` : 'No red line is crossed';
  return `${arm} ${worse[metric]} than ${baseline} beyond chance since ${since} UTC (odds ${betText(odds)}). ${crossed}; look before you advance.`;
}

/** One sentence that an operator can act on, for every verdict and every hindrance. */
export function explain(line: LineVerdict, policy: Policy): string {
  return explainFor(line, policyFor(policy, line.arm));
}

function explainFor(line: LineVerdict, policy: ArmPolicy): string {
  const who = `${policy.candidate} ${names[line.metric]}`;
  const window = durationText(line.windowSeconds);
  const text = (value: number | null) => metricText(line.metric, value);
  const over = `${who} is ${text(line.value)} over the last ${window} (${line.n} ${rowsOf(line)}; line ${line.comparison} ${text(line.limit)})`;
  switch (line.verdict) {
    case 'ok':
      return `${who} is ${text(line.value)} over the last ${window} (${line.n} ${rowsOf(line)}), within its line of ${text(line.limit)}.`;
    case 'no_traffic':
      return `${who} cannot be judged: ${policy.candidate} had no ${isJobMetric(line.metric) ? 'jobs' : 'requests'} in the last ${window}.`;
    case 'insufficient':
      return `${who} cannot be called ok: ${missing(line, policy, window)}.`;
    case 'blind':
      return `${who} cannot be judged: instances routed requests whose events have not arrived. Check the event store and the spools.`;
    case 'breach': {
      const left = durationText(line.holdSeconds - line.breachedForSeconds);
      return `${over}, for ${durationText(line.breachedForSeconds)} so far; it is held in ${left} if it stays there.`;
    }
    case 'held':
    case 'shared_cause':
      return line.evidence?.pattern === 'comes_and_goes'
        ? `${who} comes and goes: without its worst minutes the last ${durationText(line.evidence.horizonSeconds)} are over the line (${seen(line)}): ${line.hindrance ? hindered(line, line.hindrance, policy) : acting(line, policy)}.`
        : `${over}, held for ${durationText(line.holdSeconds)}: ${line.hindrance ? hindered(line, line.hindrance, policy) : acting(line, policy)}.`;
  }
}

function missing(line: LineVerdict, policy: ArmPolicy, window: string): string {
  if (isCost(line.metric) && line.limit === null)
    return `no cost of ${policy.baseline} is known to compare with; set baselineCostUsd in the policy or GEN_BASELINE_COST_USD`;
  const ageMs = isByAge(line.metric) ? jobAgeOf(policy) : null;
  if (ageMs !== null)
    return `only ${line.n} jobs of the last ${window} can be judged: one is when it is ${durationText(ageMs / 1000)} old, ended or not`;
  return `only ${line.n} ${rowsOf(line)} carry it in the last ${window}`;
}

const rowsOf = ({ metric }: LineVerdict): string => (isJobMetric(metric) ? 'jobs' : 'rows');

/** Jobs are judged by these when they are old enough. */
const isByAge = (metric: Metric): boolean => metric === 'p95_time_to_done_ms' || metric === 'end_failure_rate';

function acting(line: LineVerdict, policy: ArmPolicy): string {
  const luck = line.evidence;
  if (!luck || policy.evidence === 'observed') return `it rolls ${policy.candidate} back`;
  return `luck would do this ${chanceText(luck.chance)} times (${seen(line)}), so it rolls ${policy.candidate} back`;
}

function seen(line: LineVerdict): string {
  const luck = line.evidence;
  if (!luck) return '';
  const span = durationText(luck.horizonSeconds);
  const isOfJobs = isJobMetric(line.metric);
  if (isCost(line.metric)) return `${luck.n} priced ${isOfJobs ? 'jobs' : 'images'} in ${span}`;
  return `${luck.hits} of ${luck.n} ${isOfJobs ? 'jobs' : 'rows'} in ${span}`;
}

function hindered(line: LineVerdict, hindrance: Hindrance, policy: ArmPolicy): string {
  const theirs = metricText(line.metric, line.baselineValue);
  const half = durationText(line.holdSeconds / 2);
  switch (hindrance) {
    case 'could_be_luck':
      return `not rolled back, because luck could do this (${chanceText(line.evidence?.chance ?? 1)}; it takes 1 in ${Math.round(1 / (line.evidence?.threshold ?? 1)).toLocaleString('en-US')}; ${seen(line)})`;
    case 'recovered':
      return `not rolled back, because the last ${half} on their own are back within the line`;
    case 'could_be_on_the_line':
      return `not rolled back, because ${policy.candidate} may be no worse than the line itself (${chanceText(line.evidence?.atLine ?? 1)}; it takes 1 in ${Math.round(1 / (line.evidence?.lineThreshold ?? 1)).toLocaleString('en-US')}; ${seen(line)})`;
    case 'shared_cause':
      return `not rolled back, because ${policy.baseline} is over the same line at ${theirs} (${line.baselineN} ${rowsOf(line)}) and ${policy.candidate} is no worse beyond chance: moving traffic would win nothing. Look for what both share`;
    case 'signal':
      return 'not rolled back, because this line is a signal: it blocks advance and clears by itself';
    case 'baseline_unavailable':
      return `not rolled back, because ${policy.baseline} is not configured or fails its probe. Restore it or roll back by hand`;
    case 'not_above_before':
      return 'not rolled back, because vouchers that name no provider were as frequent before the rollout. Look at where they come from';
    case 'blind':
      return 'not rolled back, because events of routed requests are missing. Check the event store, or roll back by hand';
    case 'nothing_to_roll_back':
      return `${policy.candidate} already takes no more than after a rollback`;
  }
}
