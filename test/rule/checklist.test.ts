import { describe, expect, it } from 'vitest';
import { type AfterRollback, checklist } from '@/lib/rule/checklist';
import type { GateFacts } from '@/lib/rule/gates';
import { defaultPolicy } from '@/lib/split/policy/policy';
import { usualLines } from '@/lib/split/policy/red-lines';
import { at, decided, liveState, steady } from './scene';

const open: GateFacts = {
  state: liveState,
  policy: defaultPolicy,
  nowMs: at(0),
  stageRequests: { runware: 150 },
  watchdogAlive: true,
  watchdogSilentSeconds: null,
  unacknowledgedAlerts: 0,
  providerFaults: { fal: null, runware: null },
  policyFault: null,
  seenByAll: true,
};
const after: AfterRollback = { baselineFailureRate: 0.004, failureKinds: {} };
const healthy = [...steady(-7200, 0, 5, { costUsd: 0.05 }), ...steady(-7200, 0, 5, { kind: 'generated' })];

function item(id: string, facts: Partial<GateFacts> = {}, blockers = 0, more: Partial<AfterRollback> = {}) {
  const found = checklist({ ...open, ...facts }, decided(0, healthy), blockers, { ...after, ...more });
  const { state, detail } = found.find((each) => each.id === id) ?? { state: 'none', detail: '' };
  return [state, detail];
}

describe('a line of the checklist', () => {
  it('says which weights are written, and whether every instance routes by them', () => {
    expect(item('weights_written')).toEqual(['ok', 'Version 7 (D1): fal 90 %, runware 10 %.']);
    const state = { ...liveState, weights: { fal: 0.87654, runware: 0.12346 } };
    expect(item('weights_written', { state })[1]).toBe('Version 7 (D1): fal 87.65 %, runware 12.35 %.');
    expect(item('seen_by_all')).toEqual(['ok', 'Every instance routes by version 7.']);
    expect(item('seen_by_all', { seenByAll: false })).toEqual([
      'waiting',
      'Some instance does not route by version 7 yet.',
    ]);
  });

  it('names each provider that is not well', () => {
    expect(item('providers_well')).toEqual(['ok', 'fal and runware answer their authenticated probes.']);
    const providerFaults = { fal: '401', runware: 'no key', other: 'down' };
    expect(item('providers_well', { providerFaults })).toEqual(['failing', 'fal: 401; runware: no key']);
  });

  it('counts the time that was observed', () => {
    expect(item('time_served')).toEqual(['ok', 'Observed for 1h of 1h.']);
    expect(item('time_served', { nowMs: at(-10) })).toEqual(['waiting', 'Observed for 59m 50s of 1h.']);
    const paused = { ...liveState, pausedAtMs: at(-1800) };
    expect(item('time_served', { state: paused })).toEqual(['waiting', 'Observed for 30m of 1h (paused).']);
    const endless = { ...liveState, stage: 'D3' };
    expect(item('time_served', { state: endless })).toEqual(['ok', 'Observed for 1h; no end is set.']);
  });

  it('ticks a red line only when it is ok, and fails it when it is crossed', () => {
    expect(item('failure_rate')[0]).toBe('ok');
    expect(item('failure_rate')[1]).toContain('within its line of 2 %');
    const line = (events: Parameters<typeof decided>[1]) =>
      checklist(open, decided(0, events), 0, after).find((each) => each.id === 'failure_rate')?.state;
    expect(line(steady(-30, 0, 10, { failed: true }))).toBe('failing');
    expect(line(steady(-900, 0, 2, { failed: true }))).toBe('failing');
    expect(line([])).toBe('waiting');
    expect(checklist(open, null, 0, after).find((each) => each.id === 'cost_per_image')).toMatchObject({
      state: 'waiting',
      detail: 'The watchdog has not judged this line yet.',
    });
  });

  it('ticks no red line before the stage has the requests of its gate, and says how many more it needs', () => {
    expect(item('failure_rate', { stageRequests: { runware: 21 } })).toEqual([
      'waiting',
      expect.stringMatching(/within its line of 2 % so far; 129 more requests of D1 are needed to call it ok\.$/),
    ]);
    expect(item('p95_latency_ms', { stageRequests: { runware: 149 } })[1]).toContain(
      '; 1 more request of D1 is needed',
    );
    // What is missing of a split of jobs is jobs.
    const ofJobs = { ...defaultPolicy, redLines: usualLines.job };
    const [line] = decided(0, healthy).lines.map((each) => ({ ...each, metric: 'accept_failure_rate' as const }));
    const judged = { ...decided(0, healthy), lines: line ? [line] : [] };
    const jobs = checklist({ ...open, policy: ofJobs, stageRequests: { runware: 21 } }, judged, 0, after);
    expect(jobs.find(({ id }) => id === 'accept_failure_rate')?.detail).toContain('; 129 more jobs of D1 are needed');
    expect(item('failure_rate', { stageRequests: { runware: 150 } })[0]).toBe('ok');
    const policy = { ...defaultPolicy, minRequests: 0 };
    expect(item('failure_rate', { policy, stageRequests: { runware: 0 } })[0]).toBe('ok');
    const baseline = { ...liveState, stage: 'baseline', weights: { fal: 1, runware: 0 } };
    expect(item('failure_rate', { state: baseline, stageRequests: { runware: 0 } })[0]).toBe('ok');
    const failing = checklist(
      { ...open, stageRequests: { runware: 21 } },
      decided(0, steady(-30, 0, 10, { failed: true })),
      0,
      after,
    ).find((each) => each.id === 'failure_rate');
    expect(failing?.state).toBe('failing');
  });

  it('says what is left before the next stage', () => {
    expect(item('advance')).toEqual(['ok', 'Every gate is open: advance to D2, or roll back.']);
    expect(item('advance', {}, 1)).toEqual(['waiting', '1 gate is closed before D2.']);
    expect(item('advance', {}, 2)).toEqual(['waiting', '2 gates are closed before D2.']);
    const last = { ...liveState, stage: 'D3' };
    expect(item('advance', { state: last }, 1)).toEqual(['ok', 'D3 is the last stage of the plan.']);
  });

  it('comes in the order of the plan', () => {
    expect(checklist(open, null, 0, after).map((each) => each.id)).toEqual([
      ...['weights_written', 'seen_by_all', 'providers_well', 'time_served'],
      ...['p95_latency_ms', 'failure_rate', 'cost_per_image', 'regenerate_voucher_rate', 'advance'],
    ]);
  });
});

describe('after a rollback', () => {
  const state = { ...liveState, latched: true, stage: 'rolled_back', weights: { fal: 1, runware: 0 } };

  it('watches the baseline recover', () => {
    const recovering = (baselineFailureRate: number | null) =>
      item('baseline_recovering', { state }, 1, { baselineFailureRate });
    expect(recovering(0.00414)).toEqual(['ok', 'fal: 0.41 % failures.']);
    expect(recovering(0.02)).toEqual(['ok', 'fal: 2 % failures.']);
    expect(recovering(0.0201)).toEqual(['failing', 'fal: 2.01 % failures.']);
    expect(recovering(null)).toEqual(['waiting', 'fal: no traffic yet.']);
    const policy = {
      ...defaultPolicy,
      redLines: defaultPolicy.redLines.filter((each) => each.metric !== 'failure_rate'),
    };
    expect(item('baseline_recovering', { state, policy }, 1, { baselineFailureRate: 0.9 })[0]).toBe('ok');
  });

  it('groups the failures, the most frequent first, and asks for a reason', () => {
    const grouped = (failureKinds: Record<string, number>) =>
      item('failures_grouped', { state }, 1, { failureKinds: { runware: failureKinds } });
    expect(grouped({ timeout: 3, auth: 1, rate_limited: 9 })).toEqual([
      'ok',
      'runware: rate_limited 9, timeout 3, auth 1.',
    ]);
    expect(grouped({})).toEqual(['ok', 'No failures were recorded.']);
    expect(item('rearm', { state })).toEqual([
      'waiting',
      'Find the cause, then re-arm with a reason; it starts at D1.',
    ]);
    expect(item('weights_written', { state })[1]).toBe('Version 7 (rolled_back): fal 100 %, runware 0 %.');
  });
});
