import type { ArmView, RedLineView, Snapshot } from '@/lib/api/snapshot';

const started = '2026-03-02T11:00:00.000Z';

export function fakeLine(over: Partial<RedLineView> = {}): RedLineView {
  return {
    arm: 'runware',
    metric: 'failure_rate',
    verdict: 'ok',
    value: 0.009,
    limit: 0.02,
    comparison: '>',
    n: 52,
    window_seconds: 300,
    hold_seconds: 300,
    breached_for_seconds: 0,
    evidence: null,
    baseline_value: 0.007,
    baseline_n: 430,
    hindrance: null,
    exposure: null,
    action: 'rollback',
    acts_at: null,
    trend: null,
    explanation: '',
    ...over,
  };
}

export function fakeArm(name: string, share: number, role: ArmView['role']): ArmView {
  const stage =
    role === 'candidate' ? { stage: 'D1', rollout_started_at: started } : { stage: null, rollout_started_at: null };
  const requests = role === 'candidate' ? 200 : 0;
  return { name, provider: name, model: null, share, role, requests, ...stage, latched: null };
}

/** D1, half an hour in, everything well. */
export function fakeSnapshot(over: Partial<Snapshot> = {}): Snapshot {
  return {
    now: '2026-03-02T11:30:00.000Z',
    split: 'GEN_PROVIDER_WEIGHTS',
    slug: 'gen',
    version: 41,
    mode: 'sandbox',
    baseline: 'fal',
    candidate: 'runware',
    arms: [fakeArm('fal', 0.9, 'baseline'), fakeArm('runware', 0.1, 'candidate')],
    weights_fault: null,
    weights: { fal: 0.9, runware: 0.1 },
    stage: 'D1',
    without: [],
    stage_started_at: started,
    stage_by: 'operator:ann',
    rollout_started_at: started,
    paused: null,
    latched: null,
    plan: [
      {
        name: 'D1',
        weights: { fal: 0.9, runware: 0.1 },
        observe_seconds: 3600,
        state: 'current',
        entered_at: started,
        by: 'operator:ann',
      },
      {
        name: 'D2',
        weights: { fal: 0.5, runware: 0.5 },
        observe_seconds: 10_800,
        state: 'next',
        entered_at: null,
        by: null,
      },
    ],
    observation: {
      served_seconds: 1800,
      needed_seconds: 3600,
      eligible_at: '2026-03-02T12:00:00.000Z',
      requests: 200,
      needed_requests: 150,
    },
    next: { name: 'D2', weights: { fal: 0.5, runware: 0.5 } },
    blockers: [],
    red_lines: [fakeLine()],
    warnings: [],
    pinned: [],
    observed: {
      ...{ window_seconds: 600, since_seconds: 600, total: 900, shares: { fal: 0.9, runware: 0.1 } },
      ...{ recent: { total: 900, shares: { fal: 0.9, runware: 0.1 } }, alarm: false, chance: 0.9, arm: 'runware' },
    },
    watchdog: {
      alive: true,
      last_tick_at: '2026-03-02T11:29:56.000Z',
      interval_seconds: 10,
      by: 'watchdog',
      duration_ms: 9,
      last_error: null,
    },
    providers: {},
    instances: [],
    seen_by_all: true,
    alerts: [],
    checklist: [],
    story: { attempts: [], breaches: [], rearmed: null },
    traffic: { window_seconds: 300, requests: 0, per_minute: 0, failed: 0, rescued: 0, users: null, extra_usd: null },
    policy: { version: 0, source: 'default', fault: null, auto_advance: false },
    build: 'test',
    migration: '0',
    me: { name: 'operator:ann', role: 'operator' },
    ...over,
  };
}
