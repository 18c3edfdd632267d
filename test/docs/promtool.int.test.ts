import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { JobCounts } from '@/lib/jobs/job-counts';
import { HotPathRecorder } from '@/lib/process/metrics/hot-path';
import { metricsPage } from '@/lib/process/metrics/registry';

function promtool(): string | null {
  const places = (process.env.PATH ?? '').split(':').map((place) => join(place, 'promtool'));
  return places.find((path) => isProgram(path)) ?? null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function page(): Promise<string> {
  const recorder = new HotPathRecorder();
  recorder.request('ok');
  recorder.assign('fal');
  recorder.attempt('fal', 'ok', 1200);
  recorder.paid('fal', 1, 0.003);
  const line = { metric: 'failure_rate', value: 0.01, limit: 0.02, breachedForSeconds: 0, verdict: 'ok' };
  const empty = { waiting: 0, dead: 0, oldestSeconds: null };
  const tick = { tickAgeSeconds: 3, tickDurationSeconds: 0.01, outbox: { alerts: empty, jobs: empty }, openAlerts: 0 };
  const job = { provider: 'fal', split: 'FILM_WEIGHTS', arm: 'fal', jobs: 1, attempting: 0, accepted: 1, running: 0 };
  const jobs = [
    { ...job, unknown: 0, blocked: 0, why: null, oldest_seconds: 5, youngest_at_ms: null, late_seconds: null },
  ];
  const lines = [{ ...line, split: 'gen', arm: 'runware', metric: 'failure_rate', verdict: 'ok' } as const];
  const stages = [{ split: 'gen', stage: 'D1' }];
  const splits = { stages, shares: {}, paused: {}, rolledBack: {}, notJudged: {}, lines };
  return metricsPage(recorder, 'test').render({
    weights: { fal: 0.9, runware: 0.1 },
    weightsVersion: 3,
    weightsAgeSeconds: 0.4,
    routed: [{ split: 'gen', version: 3, arms: [{ arm: 'fal', provider: 'fal', share: 0.9, assigned: 1 }] }],
    spoolDepth: 0,
    breakers: { fal: 'closed' },
    providersOk: { fal: true },
    connections: { fal: 3 },
    connectionsLimit: { fal: 256 },
    callersWaiting: { fal: 0 },
    jobCounts: new JobCounts(),
    rollout: {
      jobs,
      stage: 'D1',
      lines: [line],
      warnings: [{ metric: 'failure_rate', odds: 4000 }],
      splits,
      spending: [],
      ...tick,
    },
  });
}

describe('promtool', () => {
  it('accepts the page and the rules, where it is installed', async () => {
    const program = promtool();
    const text = await page();
    expect(text).toContain('sluice_stage{stage="D1"} 1');
    if (program === null) {
      console.log('promtool is not installed: /metrics and the alert rules were not checked by it');
      return;
    }
    expect(execFileSync(program, ['check', 'metrics'], { input: text, encoding: 'utf8' })).toBe('');
    expect(execFileSync(program, ['check', 'rules', 'docs/prometheus-rules.yaml'], { encoding: 'utf8' })).toContain(
      'SUCCESS',
    );
  });
});
