import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkSplits } from '@/test/lab/histories/checker';
import { runHistory } from '@/test/lab/histories/run-history';
import { type TestDatabase, testDatabase } from '../support/database';

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(() => database.close());

const long = { timeout: 480_000 };

/** `node --import tsx test/lab/histories.ts --operations 10000` is the same in full size. */
it(
  'operators, scripts, SQL and callers over three web processes and two watchdogs that break keep every promise',
  long,
  async () => {
    const { lines, remains } = await runHistory({ databaseUrl: database.url, seed: 2, operations: 350 });
    const { faults, counts } = checkSplits(lines, remains);
    expect(faults).toEqual([]);
    // A history in which nothing happens proves nothing.
    expect(counts['GEN_PROVIDER_WEIGHTS journal rows']).toBeGreaterThan(20);
    expect(counts['GEN_PROVIDER_WEIGHTS generate ok']).toBeGreaterThan(50);
  },
);

it('so do three splits of three arms each, beside each other', long, async () => {
  const { lines, remains } = await runHistory({ databaseUrl: database.url, seed: 3, operations: 350, splits: 3 });
  const { faults, counts } = checkSplits(lines, remains);
  expect(faults).toEqual([]);
  for (const split of ['ONE_WEIGHTS', 'TWO_WEIGHTS', 'THREE_WEIGHTS']) {
    expect(counts[`${split} journal rows`]).toBeGreaterThan(5);
    expect(counts[`${split} generate ok`]).toBeGreaterThan(10);
  }
});

it('without the compare-and-set the checker says so', long, async () => {
  // Real processes race really: what one history does not bring about the next one does.
  let stale: string[] = [];
  for (let seed = 1; seed <= 8 && stale.length === 0; seed++) {
    const planted = { databaseUrl: database.url, seed, operations: 250, withoutCompareAndSet: true };
    const { lines, remains } = await runHistory(planted);
    stale = checkSplits(lines, remains).faults.filter((fault) => fault.includes(': noStalePromotion: '));
    await database.close();
    database = await testDatabase();
  }
  expect(stale).not.toEqual([]);
});
