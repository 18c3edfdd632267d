import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FlagStore } from '@/lib/control/flags/flag-store';
import { flagStore } from '@/lib/control/flags/flag-store';
import type { FlagWrite } from '@/lib/control/flags/flag-write';
import { instanceStore } from '@/lib/control/instances/instance-store';
import { defaultPolicy } from '@/lib/split/policy/policy';
import { type TestDatabase, testDatabase } from '@/test/support/database';

const split = 'GEN_PROVIDER_WEIGHTS';
let database: TestDatabase;
let flags: FlagStore;

beforeEach(async () => {
  database = await testDatabase();
  flags = flagStore(database.sql, split);
});
afterEach(() => database.close());

const say = (verb: FlagWrite['verb'], expectedVersion: number | null): FlagWrite => ({
  verb,
  actor: 'operator:ann',
  reason: 'because',
  expectedVersion,
});
const d1 = { fal: 0.9, runware: 0.1 };
const d2 = { fal: 0.5, runware: 0.5 };

async function started(): Promise<number> {
  const outcome = await flags.writeWeights(d1, say('weights', null));
  if (outcome.kind !== 'written') throw new Error(outcome.kind);
  return outcome.version;
}

describe('the split', () => {
  test('is null before anybody wrote it, beside the database’s now', async () => {
    const { row, nowMs } = await flags.readSplit();
    expect(row).toBeNull();
    expect(Math.abs(nowMs - Date.now())).toBeLessThan(60_000);
  });

  test('is read as it was written, with who and since when', async () => {
    const version = await started();
    const { row, nowMs } = await flags.readSplit();
    expect(row).toMatchObject({ version, weights: d1, stage: 'D1', stageBy: 'operator:ann', latched: false });
    expect(row?.stageStartedAtMs).toBe(row?.rolloutStartedAtMs);
    expect(nowMs).toBeGreaterThanOrEqual(row?.stageStartedAtMs ?? Number.POSITIVE_INFINITY);
    const [stored] = await database.sql<{ description: string }[]>`select description from feature_flags`;
    expect(stored?.description).toBe('Provider weights: 90% fal, 10% runware');
  });

  test('is written by compare-and-set: a stale version changes nothing and says who moved it', async () => {
    const version = await started();
    const moved = await flags.writeWeights(d2, say('advance', version));
    expect(moved).toMatchObject({ kind: 'written', journalId: expect.any(Number) });
    const late = await flags.writeWeights({ fal: 0, runware: 1 }, say('advance', version));
    expect(late).toMatchObject({ kind: 'stale', by: 'operator:ann', row: { weights: d2, stage: 'D2' } });
  });

  test('is refused in the guard’s words, also inside a transaction, which goes on', async () => {
    const version = await started();
    await database.sql.begin(async (tx) => {
      const inside = flagStore(tx, split);
      const bad = await inside.writeWeights({ fal: 1, runware: 1 }, say('weights', version));
      expect(bad).toEqual({ kind: 'refused', sentence: 'the weights add up to 2; they must add up to 1' });
      expect(await inside.writeWeights(d2, say('advance', version))).toMatchObject({ kind: 'written' });
    });
    expect((await flags.readSplit()).row?.stage).toBe('D2');
  });

  test('is rolled back by a person without a version, made anew where somebody deleted it', async () => {
    await started();
    await database.sql`delete from feature_flags`;
    const outcome = await flags.writeWeights({ fal: 1, runware: 0 }, say('rollback', null));
    expect(outcome.kind).toBe('written');
    expect((await flags.readSplit()).row?.weights).toEqual({ fal: 1, runware: 0 });
  });

  test('keeps the last good weights while the row holds bad ones, also for a process that never saw them', async () => {
    await started();
    await database.sql.begin(async (tx) => {
      await tx`alter table feature_flags disable trigger user`;
      await tx`update feature_flags set flag_value_text = '{"fal":7}'`;
    });
    const { row } = await flagStore(database.sql, split).readSplit();
    expect(row).toMatchObject({ weights: d1, weightsFault: expect.stringContaining('from 0 to 1') });
  });

  test('pauses, resumes and re-arms, each journaled', async () => {
    const version = await started();
    const paused = await flags.writeState(say('pause', version));
    expect((await flags.readSplit()).row).toMatchObject({ pausedBy: 'operator:ann', pauseReason: 'because' });
    const pausedAt = paused.kind === 'written' ? paused.version : 0;
    await flags.writeState(say('resume', pausedAt));
    expect(await flags.writeState(say('pause', version))).toMatchObject({ kind: 'stale' });
    await flags.writeWeights({ fal: 1, runware: 0 }, say('rollback', null));
    const { row } = await flags.readSplit();
    expect(row).toMatchObject({ stage: 'rolled_back', latched: true, latchReason: 'because' });
    const [entry] = await database.sql<{ verb: string }[]>`
      select verb from sluice.journal where id = ${row?.latchJournalId ?? 0}`;
    expect(entry?.verb).toBe('rollback');
    await flags.writeState(say('rearm', row?.version ?? 0));
    expect((await flags.readSplit()).row).toMatchObject({ stage: 'baseline', latched: false, weights: { fal: 1 } });
  });
});

describe('the policy', () => {
  test('is the default without a row', async () => {
    expect(await flags.readPolicy()).toEqual({ policy: defaultPolicy, version: 0, source: 'default', fault: null });
  });

  test('is saved once over the default, and by version from then on', async () => {
    const first = await flags.writePolicy('{"minRequests":10}', say('policy', 0));
    expect(first.kind).toBe('written');
    expect((await flags.writePolicy('{"minRequests":20}', say('policy', 0))).kind).toBe('stale');
    const stored = await flags.readPolicy();
    expect(stored).toMatchObject({ policy: { minRequests: 10 }, source: 'row', fault: null });
    expect((await flags.writePolicy('{"minRequests":20}', say('policy', stored.version))).kind).toBe('written');
    expect(await flags.writePolicy('{"minRequests":-1}', say('policy', stored.version + 1))).toMatchObject({
      kind: expect.stringMatching(/refused|stale/),
    });
  });

  test('stays the last good one while the stored one is bad, and says why', async () => {
    await flags.writePolicy('{"minRequests":10}', say('policy', 0));
    await flags.readPolicy();
    await database.sql.begin(async (tx) => {
      await tx`alter table feature_flags disable trigger user`;
      await tx`update feature_flags set flag_value_text = '{"minRequests":"many"}'`;
    });
    expect(await flags.readPolicy()).toMatchObject({
      policy: { minRequests: 10 },
      fault: expect.stringContaining('policy.minRequests is "many"'),
    });
    const [row] = await database.sql<{ least: number }[]>`select (sluice.policy() ->> 'minRequests')::int as least`;
    expect(row?.least).toBe(150);
  });
});

test('a rollback and an advance of the same version: one is rejected, and the rollback stands', async () => {
  for (let round = 0; round < 20; round += 1) {
    const version = await started();
    const results = await Promise.all([
      flags.writeWeights(d2, say('advance', version)),
      flags.writeWeights({ fal: 1, runware: 0 }, say('rollback', null)),
    ]);
    expect(results[1].kind).toBe('written');
    expect((await flags.readSplit()).row?.weights).toEqual({ fal: 1, runware: 0 });
  }
});

test('a heartbeat is read as it was sent', async () => {
  const store = instanceStore(database.sql);
  const heartbeat = {
    ...{ id: 'web-1', kind: 'web' as const, host: 'here', pid: 7, build: 'abc', startedAtMs: 1_700_000_000_123 },
    ...{
      version: 4,
      weights: { fal: 0.9, runware: 0.1 },
      assigned: { fal: 9, runware: 1 },
      oldestUnsentMs: null,
    },
    ...{ spoolDepth: 0, clockSkewMs: -3.5 },
    providers: {
      fal: { ok: true, latencyMs: 12, error: null, configured: true, breaker: 'closed', simulated: false },
    },
  };
  const { nowMs } = await store.beat(heartbeat);
  expect(await store.list(30)).toEqual([{ ...heartbeat, seenAtMs: nowMs }]);
  await store.leave('web-1');
  expect(await store.list(30)).toEqual([]);
});
