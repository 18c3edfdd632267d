import type { SplitLine } from '@/lib/control/splits/split-lines';
import type { GaugeRow, Reading, Readings } from './readings';
import type { SplitReadings } from './split-gauges';

const ofSplits =
  (pick: (splits: SplitReadings) => Readonly<Record<string, number>>): Reading =>
  ({ rollout }) =>
    Object.entries(rollout ? pick(rollout.splits) : {}).map(([split, value]) => [{ split }, value]);
const ofLines =
  (pick: (line: SplitLine) => number | null): Reading =>
  ({ rollout }) =>
    (rollout?.splits.lines ?? []).map((line) => {
      const { split, arm, metric } = line;
      return [{ split, arm, metric }, pick(line)];
    });
const ofArms = ({ routed }: Readings) =>
  routed.flatMap(({ split, arms }) =>
    arms.map(({ arm, provider, share }) => [{ split, arm, provider }, share] as const),
  );

export const isOver = (verdict: string): boolean => ['breach', 'held', 'shared_cause'].includes(verdict);
const perLine = ['split', 'arm', 'metric'];

/** Of every split; each page of Prometheus names at most so many. */
export const splitGauges: readonly GaugeRow[] = [
  [
    'sluice_split_stage',
    'The stage of each split, as a label; always 1. At most 200 splits are named here and below.',
    ['split', 'stage'],
    (r) => (r.rollout?.splits.stages ?? []).map((labels) => [labels, 1]),
  ],
  ['sluice_split_candidate_share', 'What its candidates take.', ['split'], ofSplits(({ shares }) => shares)],
  [
    'sluice_split_paused',
    '1 while it is paused; of split="other", how many are.',
    ['split'],
    ofSplits((s) => s.paused),
  ],
  [
    'sluice_split_rolled_back',
    '1 until it is re-armed; of "other", how many.',
    ['split'],
    ofSplits((s) => s.rolledBack),
  ],
  [
    'sluice_split_not_judged',
    '1 while ticks fail on it; of "other", how many.',
    ['split'],
    ofSplits((s) => s.notJudged),
  ],
  ['sluice_split_weight', 'Share this process routes by, of each arm.', ['split', 'arm', 'provider'], ofArms],
  [
    'sluice_split_weights_version',
    'Version this process routes by.',
    ['split'],
    ({ routed }) => routed.map(({ split, version }) => [{ split }, version]),
  ],
  [
    'sluice_split_red_line_value',
    "Each candidate's windowed metric at the last tick.",
    perLine,
    ofLines((l) => l.value),
  ],
  ['sluice_split_red_line_limit', 'The line as it applied then.', perLine, ofLines((l) => l.limit)],
  ['sluice_split_red_line_breached', '1 while it is crossed.', perLine, ofLines((l) => (isOver(l.verdict) ? 1 : 0))],
  [
    'sluice_split_red_line_breach_seconds',
    'Crossed without a break for.',
    perLine,
    ofLines((l) => l.breachedForSeconds),
  ],
];
