import { Gauge, type Registry } from 'prom-client';
import { counterIn } from './counter';
import type { HotPathRecorder } from './hot-path';
import { jobGauges } from './job-metrics';
import type { GaugeRow, Reading, Readings, RolloutReadings } from './readings';
import { spendingGauges } from './spending-gauges';
import { isOver, splitGauges } from './split-gauge-rows';

const one = (value: number | null | undefined): [Record<string, string>, number | null][] => [[{}, value ?? null]];
const each = (values: Readonly<Record<string, number>>): [Record<string, string>, number][] =>
  Object.entries(values).map(([provider, value]) => [{ provider }, value]);
/** Without a label for the arm where there is one candidate: then the series are those that they always were. */
const ofArm = ({ arm, metric }: { readonly arm?: string; readonly metric: string }): Record<string, string> =>
  arm === undefined ? { metric } : { arm, metric };
const lines =
  (pick: (line: RolloutReadings['lines'][number]) => number | null): Reading =>
  ({ rollout }) =>
    (rollout?.lines ?? []).map((line) => [ofArm(line), pick(line)]);
const outbox =
  (pick: 'waiting' | 'dead'): Reading =>
  ({ rollout }) =>
    Object.entries(rollout?.outbox ?? {}).map(([of, depth]) => [{ of }, depth[pick]]);

const breakerStates: Readonly<Record<string, number>> = { closed: 0, half_open: 1, open: 2 };

const gauges: readonly GaugeRow[] = [
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
  ['sluice_red_line_value', 'The windowed metric now.', ['arm', 'metric'], lines(({ value }) => value)],
  ['sluice_red_line_limit', 'The line as it applies now.', ['arm', 'metric'], lines(({ limit }) => limit)],
  [
    'sluice_red_line_breached',
    '1 while the line is crossed.',
    ['arm', 'metric'],
    lines((l) => (isOver(l.verdict) ? 1 : 0)),
  ],
  [
    'sluice_red_line_breach_seconds',
    'Crossed without a break for.',
    ['arm', 'metric'],
    lines((l) => l.breachedForSeconds),
  ],
  [
    'sluice_early_warning_odds',
    'Worse than the baseline beyond chance, by these odds to 1; absent while it is not.',
    ['arm', 'metric'],
    (r) => (r.rollout?.warnings ?? []).map((warning) => [ofArm(warning), warning.odds]),
  ],
  [
    'sluice_red_line_shared_cause',
    '1 while the baseline is over the same line and moving traffic would win nothing.',
    ['arm', 'metric'],
    lines((l) => (l.verdict === 'shared_cause' ? 1 : 0)),
  ],
  ...splitGauges,
  ...jobGauges,
  ...spendingGauges,
  ['sluice_tick_age_seconds', 'Since the last tick that decided.', [], (r) => one(r.rollout?.tickAgeSeconds)],
  ['sluice_tick_duration_seconds', 'How long that tick took.', [], (r) => one(r.rollout?.tickDurationSeconds)],
  ['sluice_outbox_waiting', 'Messages not yet delivered.', ['of'], outbox('waiting')],
  ['sluice_outbox_dead', 'Messages given up.', ['of'], outbox('dead')],
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

export function registerCounters(
  registry: Registry,
  recorder: HotPathRecorder,
  routed: () => Readings['routed'],
): void {
  const counter = counterIn(registry);
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
  counter('sluice_split_assigned_total', 'Requests assigned to an arm.', ['split', 'arm'], (it) => {
    for (const { split, arms } of routed()) for (const { arm, assigned } of arms) it.inc({ split, arm }, assigned);
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
  counter('sluice_unsplit_total', 'Calls passed on outside every split.', ['provider', 'outcome'], (it) => {
    for (const [provider, outcomes] of recorder.unsplit)
      for (const [outcome, count] of outcomes) it.inc({ provider, outcome }, count);
  });
  counter('sluice_rejected_weights_total', 'Stored weights this process refused to route by.', [], (it) => {
    it.inc(recorder.rejectedWeights);
  });
}
