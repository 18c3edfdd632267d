import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scopes } from '@/lib/api/scopes';
import type { CallerStore } from '@/lib/registry/callers/caller-store';
import { addCaller, type NewCaller } from '@/lib/registry/callers/callers';
import { type TestDatabase, testDatabase } from '@/test/support/database';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const takesAll = { add: async () => 1 } as unknown as CallerStore;

/** Whether the command line would add it, and whether the database would. */
async function judged(wanted: NewCaller): Promise<readonly [boolean, boolean]> {
  const ours = await addCaller(takesAll, wanted, 'cli:test').then(
    () => true,
    () => false,
  );
  const theirs = await database.sql
    .begin(async (tx) => {
      await tx`insert into sluice.callers (name, scopes, prefixes, models, rate_per_minute)
        values (${wanted.name}, ${wanted.scopes as string[]}, ${wanted.prefixes as string[]},
          ${wanted.models as string[]}, ${wanted.ratePerMinute})`;
      throw new Error('undo');
    })
    .catch((error: Error) => error.message === 'undo');
  return [ours, theirs];
}

/** Repeats itself from its seed. */
function chooser(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe('the guard of callers', () => {
  it('judges as the command line does, whatever is asked for', async () => {
    const choose = chooser(7);
    const among = <T>(values: readonly T[]): T => values[choose(values.length)] as T;
    const names = ['shop', 'a', 'env-1', 'anyone', 'Shop', 'a.b', '-a', 'a_b-9', 'x'.repeat(32), 'x'.repeat(33), ''];
    const prefixes = ['/kling', '/a.b-c_d', 'kling', '/', '/A', '/a/b', `/${'a'.repeat(63)}`, `/${'a'.repeat(64)}`];
    const models = ['flux-*', 'fal-ai/veo3@1', '*', '-a', '', 'a b', 'x'.repeat(128), 'x'.repeat(129)];
    const seen = { taken: 0, refused: 0 };
    for (let n = 0; n < 120; n += 1) {
      const wanted: NewCaller = {
        name: n % 3 === 0 ? among(names) : 'shop',
        scopes: scopes.filter(() => choose(4) === 0).concat(choose(30) === 0 ? (['admin'] as never) : []),
        prefixes: choose(3) === 0 ? [among(prefixes)] : [],
        models: choose(3) === 0 ? [among(models), ...(choose(4) === 0 ? ['flux-*'] : [])] : [],
        ratePerMinute: among([null, null, 1, 600, 0, -1, 1_000_000, 1_000_001]),
        validSeconds: null,
      };
      const [ours, theirs] = await judged(wanted);
      expect([wanted, theirs]).toEqual([wanted, ours]);
      seen[ours ? 'taken' : 'refused'] += 1;
    }
    expect(seen.taken).toBeGreaterThan(10);
    expect(seen.refused).toBeGreaterThan(10);
  });

  it.each([
    [
      `insert into sluice.callers (name, scopes) values ('shop', '{generate,events,events:foreign}')`,
      'a verdict on its own traffic',
    ],
    [
      `insert into sluice.callers (name, quota) values ('shop', '{"images_per_day": 10}')`,
      'quota has the unknown key "images_per_day"',
    ],
    [
      `insert into sluice.callers (name, quota) values ('shop', '{"jobs": {"in_flight": 1.5}}')`,
      'quota.jobs.in_flight is 1.5; it must be a whole number from 0 to 1000000000, or left out',
    ],
    [
      `insert into sluice.callers (name, quota) values ('shop', '{"jobs": {"spend_per_day_usd": "50"}}')`,
      'quota.jobs.spend_per_day_usd is "50"; it must be a number of US dollars',
    ],
    [
      `insert into sluice.callers (name, scopes, quota) values ('shop', '{events}', '{"jobs": {"in_flight": 1}}')`,
      'what it may spend on jobs, and scopes has neither "generate" nor "relay"',
    ],
    [
      `update sluice.splits set quota = '{"jobs": {"creates_per_day": -1}}' where slug = 'gen'`,
      'quota.jobs.creates_per_day is -1; it must be a whole number',
    ],
    [
      `update sluice.splits set quota = '{"jobs": {"creates_per_day": 1}}' where slug = 'gen'`,
      'quota.jobs says what may be spent on jobs, and its kind is image',
    ],
    [
      `insert into sluice.providers (name, label) values ('my-vendor', 'A'), ('my_vendor', 'B')`,
      'is that of "my-vendor"',
    ],
    [
      `insert into sluice.provider_keys (provider, version, sealed, sealed_with, hint)
        values ('fal', 1, '${'sk-0123456789abcdef'.repeat(4)}', '0123456789ab', 'cdef')`,
      'a key is never stored as it is',
    ],
  ])('refuses by SQL %s', async (statement, sentence) => {
    await expect(database.sql.unsafe(statement)).rejects.toThrow(sentence);
  });
});
