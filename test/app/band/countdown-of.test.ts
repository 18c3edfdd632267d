import { expect, it } from 'vitest';
import { countdownOf } from '@/app/_components/band/countdown-of';
import type { Snapshot } from '@/lib/api/snapshot';
import { fakeLine, fakeSnapshot } from '@/test/fakes/snapshot';

const nowMs = Date.parse('2026-03-02T11:30:00Z');
const by = { by: 'watchdog', reason: null };
const at = '2026-03-02T11:30:40.000Z';
const breach = fakeLine({ verdict: 'breach', breached_for_seconds: 260, acts_at: at });
const later = fakeLine({ metric: 'p95_latency_ms', verdict: 'breach', acts_at: '2026-03-02T11:33:00.000Z' });
const held = (hindrance: 'could_be_luck' | 'shared_cause' | 'signal' | 'recovered' | null) =>
  fakeLine({ verdict: hindrance === 'shared_cause' ? 'shared_cause' : 'held', hindrance });
const over = { ...fakeSnapshot().observation, eligible_at: '2026-03-02T11:29:00.000Z' };
const silent = { ...fakeSnapshot().watchdog, alive: false };
const gate = { code: 'too_few_requests', detail: 'too few', params: {} } as const;
const auto = { ...fakeSnapshot().policy, auto_advance: true };
const baseline = { weights: { fal: 1, runware: 0 }, stage: 'baseline' };

it.each<[string, Partial<Snapshot>, object]>([
  ['rolled_back', { latched: { ...by, at, journal_id: 3 }, red_lines: [breach] }, { at, tone: 'breach' }],
  ['rolls_back', { red_lines: [later, breach], paused: { ...by, at } }, { at, line: breach, tone: 'breach' }],
  ['rolls_back_now', { red_lines: [breach, held(null)] }, {}],
  ['unwatched', { red_lines: [breach], watchdog: silent }, { tone: 'breach' }],
  ['held_back', { red_lines: [held('could_be_luck')] }, { tone: 'breach' }],
  ['needs_you', { red_lines: [held('shared_cause')] }, { tone: 'caution' }],
  ['eligible_in', { red_lines: [held('signal'), held('recovered')] }, { at: '2026-03-02T12:00:00.000Z' }],
  ['to_start', baseline, {}],
  ['to_start_again', { ...baseline, story: { attempts: [], breaches: [], rearmed: { ...by, at, journal_id: 4 } } }, {}],
  ['to_start_blocked', { ...baseline, blockers: [gate] }, {}],
  ['nothing', { ...baseline, next: null }, {}],
  ['paused', { paused: { ...by, at: '2026-03-02T11:20:00.000Z' } }, { tone: 'caution' }],
  ['last_stage', { next: null }, { at: '2026-03-02T11:00:00.000Z' }],
  ['waits_for_gates', { observation: over, blockers: [gate] }, {}],
  ['waits_for_you', { observation: over }, { tone: 'well' }],
  ['goes_on', { observation: over, policy: auto }, {}],
])('%s', (kind, change, rest) => {
  expect(countdownOf(fakeSnapshot(change), nowMs)).toMatchObject({ kind, ...rest });
});

it('counts to nothing while the store is away, and says since when', () => {
  const since = '2026-03-02T11:29:20.000Z';
  const away = { kind: 'away', tone: 'caution', at: since };
  expect(countdownOf(fakeSnapshot({ red_lines: [breach] }), nowMs, Date.parse(since))).toEqual(away);
});
