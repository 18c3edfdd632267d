import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultPolicy, type Policy } from '@/lib/split/policy/policy';
import {
  at,
  decided,
  factsOf,
  isoAt,
  lineOf,
  liveState,
  oneLine,
  replayed,
  rowOf,
  type SceneEvent,
  weightsRow,
} from './scene';

const now = 1800;
const event: fc.Arbitrary<SceneEvent> = fc.record({
  atSeconds: fc.integer({ min: -900, max: now }),
  provider: fc.constantFrom('runware', 'runware', 'fal', ''),
  failed: fc.boolean(),
  latencyMs: fc.constantFrom(null, 500, 7990, 8000, 12_000),
  costUsd: fc.constantFrom(null, 0.04, 0.05, 0.06, 0.061, 0.2),
  kind: fc.constantFrom('attempt' as const, 'attempt' as const, 'generated' as const, 'voucher' as const),
});
const events = fc.array(event, { maxLength: 120 });
const runs = { numRuns: 150 };

describe('the rule', () => {
  it('does not depend on the order in which events are given', () => {
    fc.assert(
      fc.property(events, fc.array(fc.nat(), { maxLength: 120 }), (given, keys) => {
        const shuffled = given.map((each, i) => [keys[i] ?? 0, each] as const).sort((a, b) => a[0] - b[0]);
        expect(
          decided(
            now,
            shuffled.map(([, each]) => each),
          ),
        ).toEqual(decided(now, given));
      }),
      runs,
    );
  });

  it('has no memory: when a watchdog last ticked moves no verdict', () => {
    fc.assert(
      fc.property(events, fc.integer({ min: -900, max: now }), (given, lastTick) => {
        const alone = decided(now, given);
        const after = decided(now, given, { lastTickMs: at(lastTick) });
        expect({ ...after, missed: [] }).toEqual(alone);
      }),
      runs,
    );
  });

  it('needs no more than the longest horizon', () => {
    fc.assert(
      fc.property(events, (given) => {
        const old = Array.from({ length: 50 }, (_, i) => ({ atSeconds: -80_000 - i, failed: true, costUsd: 9 }));
        const state = { ...liveState, rolloutStartedAtMs: at(-90_000) };
        expect(decided(now, [...old, ...given], { state })).toEqual(decided(now, given, { state }));
      }),
      runs,
    );
  });

  it('never acts without traffic in the window', () => {
    fc.assert(
      fc.property(events, (given) => {
        const early = given.filter((each) => each.atSeconds <= now - 3600 || each.provider === 'fal');
        expect(decided(now, early).action.kind).not.toBe('rollback');
      }),
      runs,
    );
  });

  it('is no kinder when one more request fails', () => {
    const order = ['no_traffic', 'insufficient', 'ok', 'breach', 'held'];
    const policy = oneLine('failure_rate', { evidence: 'observed' });
    fc.assert(
      fc.property(events, fc.nat(), (given, pick) => {
        const candidates = given.filter((each) => each.provider === 'runware' && each.kind === 'attempt');
        const chosen = candidates[pick % Math.max(1, candidates.length)];
        const worse = given.map((each) => (each === chosen ? { ...each, failed: true } : each));
        const before = lineOf(decided(now, given, { policy }), 'failure_rate');
        const after = lineOf(decided(now, worse, { policy }), 'failure_rate');
        expect(order.indexOf(after.verdict)).toBeGreaterThanOrEqual(order.indexOf(before.verdict));
        expect(after.breachedForSeconds).toBeGreaterThanOrEqual(before.breachedForSeconds);
      }),
      runs,
    );
  });

  it('acts no likelier for one more request that the baseline served well', () => {
    const healthy = fc.array(
      fc.record({
        atSeconds: fc.integer({ min: -900, max: now }),
        provider: fc.constant('fal'),
        latencyMs: fc.constantFrom(500, 7990),
        kind: fc.constantFrom('attempt' as const, 'attempt' as const, 'generated' as const),
      }),
      { minLength: 1, maxLength: 60 },
    );
    // Vouchers that name nobody are of no arm: what anyone generates makes their rate known.
    const ofArms = events.map((given) => given.filter(({ provider }) => provider !== ''));
    const acts = (given: readonly SceneEvent[]) => decided(now, given).action.kind === 'rollback';
    fc.assert(
      fc.property(ofArms, healthy, (given, more) => {
        const isShared = decided(now, given).lines.some(({ verdict }) => verdict === 'shared_cause');
        // What a sick baseline holds back is the one thing that its health may set free.
        if (!isShared && !acts(given)) expect(acts([...given, ...more])).toBe(false);
      }),
      runs,
    );
  });

  it('acts only on a line that is held, and the literal rule acts whenever it does', () => {
    fc.assert(
      fc.property(events, (given) => {
        const decision = decided(now, given);
        if (decision.action.kind !== 'rollback') return;
        expect(decision.action.line).toMatchObject({ verdict: 'held', acts: true });
        const policy = { ...factsOf(now, []).policy, evidence: 'observed' as const };
        expect(decided(now, given, { policy }).action.kind).toBe('rollback');
      }),
      runs,
    );
  });

  const quick: Policy = {
    ...defaultPolicy,
    redLines: defaultPolicy.redLines.map((line) => ({ ...line, windowSeconds: 120, holdSeconds: 60 })),
  };

  it.each([
    ['failures, observed', oneLine('failure_rate', { evidence: 'observed' })],
    ['failures, confirmed', oneLine('failure_rate')],
    ['all four lines, observed', { ...quick, evidence: 'observed' as const }],
    ['all four lines, confirmed', quick],
  ])('says the same tick by tick as the replay, which follows runs instead of walking them: %s', (_what, policy) => {
    const dense = fc.array(event, { minLength: 40, maxLength: 120 });
    const state = { ...liveState, rolloutStartedAtMs: at(-910), baselineCostUsd: null };
    // Every third event comes late, so that buckets change after they were judged.
    const arrives = ({ atSeconds }: SceneEvent) => atSeconds + (atSeconds % 3 === 0 ? 130 : 0);
    fc.assert(
      fc.property(dense, (given) => {
        const lines = [
          weightsRow(-910, '{"fal":0.9,"runware":0.1}'),
          ...given.map((each) => rowOf(each, { arrived_at: isoAt(arrives(each)) })),
        ];
        const report = replayed(lines, { policy, untilMs: at(now) });
        let first: number | null = null;
        for (let t = -900; t <= now && first === null; t += 10) {
          const known = given.filter((each) => arrives(each) <= t);
          if (decided(t, known, { policy, state }).action.kind === 'rollback') first = at(t);
        }
        expect(report.rollback_at).toBe(first === null ? null : new Date(first).toISOString());
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });
});
