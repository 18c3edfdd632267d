import { Counter, Gauge, type Registry } from 'prom-client';
import type { HotPathRecorder } from './hot-path';
import type { SplitReadings } from './split-gauges';

/** What a scrape reads of this process and, where the store answers, of the rollout. null: not known now. */
export interface Readings {
  readonly weights: Readonly<Record<string, number>>;
  readonly weightsVersion: number | null;
  readonly weightsAgeSeconds: number | null;
  readonly spoolDepth: number;
  readonly breakers: Readonly<Record<string, string>>;
  readonly providersOk: Readonly<Record<string, boolean>>;
  readonly connections: Readonly<Record<string, number>>;
  readonly connectionsLimit: Readonly<Record<string, number>>;
  readonly callersWaiting: Readonly<Record<string, number>>;
  readonly rollout: RolloutReadings | null;
}

export interface RolloutReadings {
  readonly stage: string;
  readonly lines: readonly {
    readonly metric: string;
    readonly value: number | null;
    readonly limit: number | null;
    readonly breachedForSeconds: number;
    readonly verdict: string;
  }[];
  /** The metrics in which the candidate is worse than the baseline beyond chance, and the odds of it. */
  readonly warnings: Readonly<Record<string, number>>;
  readonly tickAgeSeconds: number | null;
  readonly tickDurationSeconds: number | null;
  readonly outboxWaiting: number;
  readonly outboxDead: number;
  readonly openAlerts: number;
  readonly splits: SplitReadings;
}

type Reading = (readings: Readings) => Iterable<readonly [Readonly<Record<string, string>>, number | null]>;

const one = (value: number | null | undefined): [Record<string, string>, number | null][] => [[{}, value ?? null]];
const each = (values: Readonly<Record<string, number>>): [Record<string, string>, number][] =>
  Object.entries(values).map(([provider, value]) => [{ provider }, value]);
const lines =
  (pick: (line: RolloutReadings['lines'][number]) => number | null): Reading =>
  ({ rollout }) =>
    (rollout?.lines ?? []).map((line) => [{ metric: line.metric }, pick(line)]);

const ofSplits =
  (pick: (splits: SplitReadings) => Readonly<Record<string, number>>): Reading =>
  ({ rollout }) =>
    Object.entries(rollout ? pick(rollout.splits) : {}).map(([split, value]) => [{ split }, value]);

const breakerStates: Readonly<Record<string, number>> = { closed: 0, half_open: 1, open: 2 };
const over = new Set(['breach', 'held', 'shared_cause']);

const gauges: readonly (readonly [name: string, help: string, labels: readonly string[], read: Reading])[] = [
  ['sluice_weight', 'Share this process routes by.', ['provider'], ({ weights }) => each(weights)],
  ['sluice_weights_version', 'Version this process routes by.', [], ({ weightsVersion }) => one(weightsVersion)],
  ['sluice_weights_age_seconds', 'Since the weights were last read.', [], (r) => one(r.weightsAgeSeconds)],
  ['sluice_spool_depth', 'Events not yet acknowledged by the store.', [], ({ spoolDepth }) => one(spoolDepth)],
  [
    'sluice_breaker_state',
    'Circuit breaker: 0 closed, 1 half open, 2 open.',
    ['provider'],
    ({ breakers }) => Object.entries(breakers).map(([provider, state]) => [{ provider }, breakerStates[state] ?? null]),
  ],
  [
    'sluice_provider_up',
    'Authenticated probe and real traffic agree that the provider serves.',
    ['provider'],
    ({ providersOk }) => Object.entries(providersOk).map(([provider, ok]) => [{ provider }, ok ? 1 : 0]),
  ],
  ['sluice_provider_connections', 'Calls that run now.', ['provider'], ({ connections }) => each(connections)],
  [
    'sluice_provider_connections_limit',
    'Calls that may run at once: SLUICE_PROVIDER_CONNECTIONS.',
    ['provider'],
    ({ connectionsLimit }) => each(connectionsLimit),
  ],
  [
    'sluice_provider_callers_waiting',
    'Callers that wait for a connection of ours now.',
    ['provider'],
    ({ callersWaiting }) => each(callersWaiting),
  ],
  ['sluice_store_up', 'The database answered this scrape.', [], ({ rollout }) => one(rollout === null ? 0 : 1)],
  [
    'sluice_stage',
    'The stage, as a label; always 1.',
    ['stage'],
    (r) => (r.rollout ? [[{ stage: r.rollout.stage }, 1]] : []),
  ],
  ['sluice_red_line_value', 'The windowed metric now.', ['metric'], lines(({ value }) => value)],
  ['sluice_red_line_limit', 'The line as it applies now.', ['metric'], lines(({ limit }) => limit)],
  ['sluice_red_line_breached', '1 while the line is crossed.', ['metric'], lines((l) => (over.has(l.verdict) ? 1 : 0))],
  ['sluice_red_line_breach_seconds', 'Crossed without a break for.', ['metric'], lines((l) => l.breachedForSeconds)],
  [
    'sluice_early_warning_odds',
    'Worse than the baseline beyond chance, by these odds to 1; absent while it is not.',
    ['metric'],
    (r) => Object.entries(r.rollout?.warnings ?? {}).map(([metric, odds]) => [{ metric }, odds]),
  ],
  [
    'sluice_red_line_shared_cause',
    '1 while the baseline is over the same line and moving traffic would win nothing.',
    ['metric'],
    lines((l) => (l.verdict === 'shared_cause' ? 1 : 0)),
  ],
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
  ['sluice_tick_age_seconds', 'Since the last tick that decided.', [], (r) => one(r.rollout?.tickAgeSeconds)],
  ['sluice_tick_duration_seconds', 'How long that tick took.', [], (r) => one(r.rollout?.tickDurationSeconds)],
  ['sluice_outbox_waiting', 'Notifications not yet delivered.', [], (r) => one(r.rollout?.outboxWaiting)],
  ['sluice_outbox_dead', 'Notifications given up.', [], (r) => one(r.rollout?.outboxDead)],
  ['sluice_alerts_open', 'Alerts nobody has acknowledged or resolved.', [], (r) => one(r.rollout?.openAlerts)],
];

export function registerGauges(registry: Registry): (readings: Readings) => void {
  const made = gauges.map(([name, help, labelNames, read]) => ({
    gauge: new Gauge({ name, help, labelNames: [...labelNames], registers: [registry] }),
    read,
  }));
  return (readings) => {
    for (const { gauge, read } of made) {
      // A provider or metric that is gone must not keep its last value.
      gauge.reset();
      if (gaugeHasNoLabels(gauge)) gauge.remove();
      for (const [labels, value] of read(readings)) if (value !== null) gauge.set(labels, value);
    }
  };
}

function gaugeHasNoLabels(gauge: Gauge): boolean {
  return (gauge as unknown as { labelNames: readonly string[] }).labelNames.length === 0;
}

export function registerCounters(registry: Registry, recorder: HotPathRecorder): void {
  const counter = (name: string, help: string, labelNames: string[], fill: (it: Counter) => void) =>
    new Counter({
      name,
      help,
      labelNames,
      registers: [registry],
      collect() {
        this.reset();
        fill(this);
      },
    });
  counter('sluice_requests_total', 'Generate requests by outcome.', ['outcome'], (it) => {
    for (const [outcome, count] of recorder.requests) it.inc({ outcome }, count);
  });
  counter('sluice_caller_requests_total', 'Generate requests by caller.', ['caller', 'result'], (it) => {
    for (const [caller, { ok, failed }] of recorder.callers) {
      it.inc({ caller, result: 'ok' }, ok);
      it.inc({ caller, result: 'failed' }, failed);
    }
  });
  counter('sluice_caller_images_total', 'Images delivered, by caller.', ['caller'], (it) => {
    for (const [caller, { images }] of recorder.callers) it.inc({ caller }, images);
  });
  counter('sluice_assigned_total', 'Requests assigned to a provider.', ['provider'], (it) => {
    for (const [provider, count] of recorder.assigned) it.inc({ provider }, count);
  });
  counter('sluice_attempts_total', 'Attempts by provider and outcome.', ['provider', 'outcome'], (it) => {
    for (const [provider, { outcomes }] of recorder.providers) {
      for (const [outcome, count] of outcomes) it.inc({ provider, outcome }, count);
    }
  });
  counter('sluice_provider_queued_total', 'Attempts that waited for a connection of ours.', ['provider'], (it) => {
    for (const [provider, { queued }] of recorder.providers) it.inc({ provider }, queued);
  });
  counter('sluice_provider_queue_seconds_total', 'How long they waited, in all.', ['provider'], (it) => {
    for (const [provider, { queuedSum }] of recorder.providers) it.inc({ provider }, queuedSum);
  });
  counter('sluice_images_total', 'Images delivered.', ['provider'], (it) => {
    for (const [provider, { images }] of recorder.providers) it.inc({ provider }, images);
  });
  counter('sluice_cost_usd_total', 'Cost as the providers report or price it.', ['provider'], (it) => {
    for (const [provider, { costUsd }] of recorder.providers) it.inc({ provider }, costUsd);
  });
  counter('sluice_rejected_weights_total', 'Stored weights this process refused to route by.', [], (it) => {
    it.inc(recorder.rejectedWeights);
  });
}
