import { describe, expect, it } from 'vitest';
import type { SplitItem } from '@/lib/api/splits-view';
import type { Readings } from '@/lib/process/metrics/gauges';
import { HotPathRecorder } from '@/lib/process/metrics/hot-path';
import { metricsPage } from '@/lib/process/metrics/registry';
import { splitReadings } from '@/lib/process/metrics/split-gauges';

const readings: Readings = {
  weights: { fal: 0.9, runware: 0.1 },
  weightsVersion: 7,
  weightsAgeSeconds: 1.5,
  spoolDepth: 3,
  breakers: { fal: 'closed', runware: 'open' },
  providersOk: { fal: true, runware: false },
  connections: { fal: 3 },
  connectionsLimit: { fal: 256 },
  callersWaiting: { fal: 0 },
  rollout: {
    stage: 'D1',
    lines: [{ metric: 'failure_rate', value: 0.03, limit: 0.02, breachedForSeconds: 60, verdict: 'breach' }],
    warnings: { p95_latency_ms: 4000 },
    tickAgeSeconds: 4,
    tickDurationSeconds: 0.02,
    outboxWaiting: 1,
    outboxDead: 0,
    openAlerts: 2,
    splits: {
      stages: [{ split: 'gen', stage: 'D1' }],
      ...{ shares: { gen: 0.1 }, paused: { gen: 0, other: 2 }, rolledBack: { gen: 0 }, notJudged: { gen: 0 } },
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
    const { stages, paused } = splitReadings([...items, { ...items[0], archived_at: 'x' } as SplitItem]);
    expect([stages.length, Object.keys(paused).length, paused.other]).toEqual([200, 201, 3]);
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
    const rollout = readings.rollout && { ...readings.rollout, lines, warnings: {} };
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
