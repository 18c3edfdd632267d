import { describe, expect, it } from 'vitest';
import type { SplitItem } from '@/lib/api/splits-view';

import { JobCounts } from '@/lib/jobs/job-counts';
import { HotPathRecorder } from '@/lib/process/metrics/hot-path';
import type { Readings } from '@/lib/process/metrics/readings';
import { metricsPage } from '@/lib/process/metrics/registry';
import { routedSplits, splitReadings } from '@/lib/process/metrics/split-gauges';

const readings: Readings = {
  weights: { fal: 0.9, runware: 0.1 },
  weightsVersion: 7,
  weightsAgeSeconds: 1.5,
  routed: [{ split: 'clip', version: 4, arms: [{ arm: 'small', provider: 'fal', share: 0.1, assigned: 12 }] }],
  spoolDepth: 3,
  breakers: { fal: 'closed', runware: 'open' },
  providersOk: { fal: true, runware: false },
  connections: { fal: 3 },
  connectionsLimit: { fal: 256 },
  callersWaiting: { fal: 0 },
  jobCounts: new JobCounts(),
  rollout: {
    stage: 'D1',
    lines: [{ metric: 'failure_rate', value: 0.03, limit: 0.02, breachedForSeconds: 60, verdict: 'breach' }],
    warnings: [{ metric: 'p95_latency_ms', odds: 4000 }],
    tickAgeSeconds: 4,
    tickDurationSeconds: 0.02,
    outbox: {
      alerts: { waiting: 1, dead: 0, oldestSeconds: 3 },
      jobs: { waiting: 2, dead: 4, oldestSeconds: 9 },
    },
    openAlerts: 2,
    jobs: [],
    spending: [
      {
        ...{ of: 'caller', name: 'shop', quota: { jobs: { spend_per_day_usd: 50 } } },
        today: { begun: 3, spent_usd: 1.05, unknown_usd: 0.35, held_usd: 0.7, in_flight: 2 },
      },
    ],
    splits: {
      stages: [{ split: 'gen', stage: 'D1' }],
      ...{ shares: { gen: 0.1 }, paused: { gen: 0, other: 2 }, rolledBack: { gen: 0 }, notJudged: { gen: 0 } },
      lines: [
        {
          split: 'clip',
          arm: 'small',
          metric: 'failure_rate',
          verdict: 'held',
          value: 0.1,
          limit: 0.02,
          breachedForSeconds: 90,
        },
      ],
    },
  },
};

function recorded(): HotPathRecorder {
  const recorder = new HotPathRecorder();
  recorder.request('ok');
  recorder.request('ok');
  recorder.assign('runware');
  recorder.attempt('runware', 'ok', 8000);
  recorder.attempt('runware', 'timeout', 70_000);
  recorder.attempt('runware', 'circuit_open', null);
  recorder.paid('runware', 2, 0.006);
  recorder.rejectedWeights = 1;
  return recorder;
}

describe('/metrics', () => {
  it('says where each split stands, and counts those beyond the first two hundred', async () => {
    const lines = (await metricsPage(new HotPathRecorder(), 'abc').render(readings)).split('\n');
    expect(lines).toContain('sluice_split_stage{split="gen",stage="D1"} 1');
    expect(lines).toContain('sluice_split_candidate_share{split="gen"} 0.1');
    expect(lines).toContain('sluice_split_paused{split="other"} 2');
    const item = {
      stage: 'D1',
      candidate_share: 0.1,
      archived_at: null,
      error: null,
      paused: true,
      rolled_back: false,
    };
    const items = Array.from({ length: 203 }, (_, at) => ({ ...item, slug: `s${at}` }) as unknown as SplitItem);
    const { stages, paused } = splitReadings([...items, { ...items[0], archived_at: 'x' } as SplitItem], []);
    expect([stages.length, Object.keys(paused).length, paused.other]).toEqual([200, 201, 3]);
  });

  it('says of each split what it is routed by and how each of its candidates does', async () => {
    const lines = (await metricsPage(new HotPathRecorder(), 'abc').render(readings)).split('\n');
    for (const line of [
      'sluice_split_weight{split="clip",arm="small",provider="fal"} 0.1',
      'sluice_split_weights_version{split="clip"} 4',
      'sluice_split_assigned_total{split="clip",arm="small"} 12',
      'sluice_split_red_line_value{split="clip",arm="small",metric="failure_rate"} 0.1',
      'sluice_split_red_line_limit{split="clip",arm="small",metric="failure_rate"} 0.02',
      'sluice_split_red_line_breached{split="clip",arm="small",metric="failure_rate"} 1',
      'sluice_split_red_line_breach_seconds{split="clip",arm="small",metric="failure_rate"} 90',
    ])
      expect(lines).toContain(line);
  });

  it('says how many jobs are open where, and what this process did and heard itself', async () => {
    const job = { split: 'FILM_WEIGHTS', arm: 'a', provider: 'fal', jobs: 3, attempting: 0, accepted: 1, running: 2 };
    const more = {
      ...job,
      unknown: 0,
      blocked: 1,
      why: 'no key',
      oldest_seconds: 61,
      youngest_at_ms: null,
      late_seconds: null,
    };
    const jobs = [more, { ...more, split: 'CLIP_WEIGHTS', oldest_seconds: 30, late_seconds: 7 }];
    const jobCounts = new JobCounts();
    jobCounts.looks.add('fal', 'timeout', 2);
    jobCounts.ends.add('fal', 'completed');
    jobCounts.webhooks.add('other', 'refused');
    jobCounts.expiries.add('fal', 'taken over');
    const rollout = readings.rollout && { ...readings.rollout, jobs };
    const text = await metricsPage(new HotPathRecorder(), 'abc').render({ ...readings, jobCounts, rollout });
    for (const line of [
      'sluice_jobs_open{provider="fal",state="running"} 4',
      'sluice_jobs_open{provider="fal",state="unknown"} 0',
      'sluice_jobs_oldest_seconds{provider="fal"} 61',
      'sluice_jobs_blocked{provider="fal"} 2',
      'sluice_jobs_late_seconds{provider="fal"} 7',
      'sluice_job_polls_total{provider="fal",outcome="timeout"} 2',
      'sluice_job_ends_total{provider="fal",state="completed"} 1',
      'sluice_job_webhooks_total{provider="other",outcome="refused"} 1',
      'sluice_job_lease_expiries_total{provider="fal"} 1',
    ])
      expect(text.split('\n')).toContain(line);
  });

  it('tells alerts that were given up from what callers’ receivers did not take', async () => {
    const lines = (await metricsPage(new HotPathRecorder(), 'abc').render(readings)).split('\n');
    expect(lines.filter((line) => line.startsWith('sluice_outbox'))).toEqual([
      'sluice_outbox_waiting{of="alerts"} 1',
      'sluice_outbox_waiting{of="jobs"} 2',
      'sluice_outbox_dead{of="alerts"} 0',
      'sluice_outbox_dead{of="jobs"} 4',
    ]);
  });

  it('says what callers spend on jobs, and may', async () => {
    const lines = (await metricsPage(new HotPathRecorder(), 'abc').render(readings)).split('\n');
    for (const line of [
      'sluice_jobs_usd_today{of="caller",name="shop",kind="spent"} 1.05',
      'sluice_jobs_usd_today{of="caller",name="shop",kind="unknown"} 0.35',
      'sluice_jobs_usd_today{of="caller",name="shop",kind="held"} 0.7',
      'sluice_jobs_begun_today{of="caller",name="shop"} 3',
      'sluice_jobs_in_flight{of="caller",name="shop"} 2',
      'sluice_jobs_cap{of="caller",name="shop",cap="spend_per_day_usd"} 50',
    ])
      expect(lines).toContain(line);
  });

  it('tells the candidates of the first split apart where there are several', async () => {
    const line = { metric: 'failure_rate', limit: 0.02, breachedForSeconds: 0, verdict: 'ok' };
    const lines = ['x', 'y'].map((arm, at) => ({ ...line, arm, value: at / 100 }));
    const warnings = [{ arm: 'y', metric: 'p95_latency_ms', odds: 30 }];
    const rollout = readings.rollout && { ...readings.rollout, lines, warnings };
    const text = await metricsPage(new HotPathRecorder(), 'abc').render({ ...readings, rollout });
    expect(text).toContain('sluice_red_line_value{arm="x",metric="failure_rate"} 0\n');
    expect(text).toContain('sluice_red_line_value{arm="y",metric="failure_rate"} 0.01\n');
    expect(text).toContain('sluice_early_warning_odds{arm="y",metric="p95_latency_ms"} 30\n');
  });

  it('names at most two hundred splits of the request path, and none that routes nothing', () => {
    const arms = new Map([['x', { name: 'x', provider: 'fal', model: null, params: {} }]]);
    const split = { arms, assigned: new Map([['x', 3]]), isArchived: false };
    const weights = { routing: { version: 1, weights: { x: 1 } } };
    const splits = Array.from({ length: 203 }, (_, at) => ({ ...split, weights, slug: `s${at}` }));
    const routed = routedSplits([
      { ...split, slug: 'bare', weights: null },
      { ...splits[0]!, isArchived: true },
      ...splits,
    ]);
    expect(routed.length).toBe(200);
    expect(routed[0]).toEqual({
      split: 's0',
      version: 1,
      arms: [{ arm: 'x', provider: 'fal', share: 1, assigned: 3 }],
    });
  });

  it('says what the request path counted', async () => {
    const text = await metricsPage(recorded(), 'abc').render(readings);
    for (const line of [
      'sluice_requests_total{outcome="ok"} 2',
      'sluice_assigned_total{provider="runware"} 1',
      'sluice_attempts_total{provider="runware",outcome="timeout"} 1',
      'sluice_attempt_duration_seconds_bucket{le="6",provider="runware"} 0',
      'sluice_attempt_duration_seconds_bucket{le="8",provider="runware"} 1',
      'sluice_attempt_duration_seconds_bucket{le="+Inf",provider="runware"} 2',
      'sluice_attempt_duration_seconds_sum{provider="runware"} 78',
      'sluice_attempt_duration_seconds_count{provider="runware"} 2',
      'sluice_images_total{provider="runware"} 2',
      'sluice_cost_usd_total{provider="runware"} 0.006',
      'sluice_rejected_weights_total 1',
      'sluice_build_info{build="abc"} 1',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
  });

  it('says the state of the rollout', async () => {
    const text = await metricsPage(recorded(), 'abc').render(readings);
    for (const line of [
      'sluice_weight{provider="fal"} 0.9',
      'sluice_weights_version 7',
      'sluice_breaker_state{provider="runware"} 2',
      'sluice_provider_up{provider="runware"} 0',
      'sluice_store_up 1',
      'sluice_stage{stage="D1"} 1',
      'sluice_red_line_value{metric="failure_rate"} 0.03',
      'sluice_red_line_breached{metric="failure_rate"} 1',
      'sluice_red_line_breach_seconds{metric="failure_rate"} 60',
      'sluice_red_line_shared_cause{metric="failure_rate"} 0',
      'sluice_early_warning_odds{metric="p95_latency_ms"} 4000',
      'sluice_tick_age_seconds 4',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
  });

  it('calls a line over that both providers are over, and says that it is a shared cause', async () => {
    const lines = (readings.rollout?.lines ?? []).map((line) => ({ ...line, verdict: 'shared_cause' }));
    const rollout = readings.rollout && { ...readings.rollout, lines, warnings: [] };
    const text = await metricsPage(recorded(), 'abc').render({ ...readings, rollout });
    expect(text).toContain('sluice_red_line_breached{metric="failure_rate"} 1\n');
    expect(text).toContain('sluice_red_line_shared_cause{metric="failure_rate"} 1\n');
    expect(text).not.toMatch(/^sluice_early_warning_odds\{/m);
  });

  it('forgets what is no longer known instead of repeating it', async () => {
    const page = metricsPage(recorded(), 'abc');
    await page.render(readings);
    const text = await page.render({ ...readings, weights: { fal: 1 }, rollout: null });
    expect(text).toContain('sluice_store_up 0');
    expect(text).not.toContain('sluice_weight{provider="runware"}');
    expect(text).not.toMatch(/^sluice_tick_age_seconds \d/m);
    expect(text).not.toMatch(/^sluice_red_line_value\{/m);
  });

  it('counts up only, however often it is scraped', async () => {
    const page = metricsPage(recorded(), 'abc');
    await page.render(readings);
    expect((await page.render(readings)).split('\n')).toContain('sluice_requests_total{outcome="ok"} 2');
  });

  it('is a page Prometheus can read: one HELP and TYPE for each family, names as agreed', async () => {
    const text = await metricsPage(recorded(), 'a"b\\c').render(readings);
    const families = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name]) => name);
    expect(new Set(families).size).toBe(families.length);
    for (const line of text.split('\n').filter((one) => one !== '' && !one.startsWith('#'))) {
      expect(line).toMatch(/^sluice_[a-z_0-9]+(\{([a-z_]+="([^"\\\n]|\\.)*",?)+\})? (-?[0-9.e+-]+|Nan|\+Inf)$/);
    }
  });
});
