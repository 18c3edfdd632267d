import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { anchorBook } from '@/lib/control/journal/anchor-book';
import { integrityStore } from '@/lib/control/journal/integrity-store';
import { watchIntegrity } from '@/lib/watch/watch-integrity';
import { type TestRollout, testRollout } from '@/test/support/rollout';

let rollout: TestRollout;
let folder: string;
beforeEach(async () => {
  rollout = await testRollout({ fal: 0.9, runware: 0.1 });
  folder = mkdtempSync(join(tmpdir(), 'watch-integrity-'));
});
afterEach(async () => {
  await rollout.close();
  rmSync(folder, { recursive: true, force: true });
});

const look = () => {
  const book = anchorBook(folder, rollout.database.url);
  const watch = { store: integrityStore(rollout.sql), book, alerts: rollout.control.alerts };
  return watchIntegrity(watch, { isWhole: true, now: new Date() });
};
const add = (name: string) => rollout.sql`insert into feature_flags (flag_key, flag_value) values (${name}, true)`;

test.each(['x_POLICY', 'my flag=1_WEIGHTS'])(
  'a foreign flag named %s does not keep ours from being anchored',
  async (name) => {
    await add(name);
    expect(await look()).toEqual([]);
    const seen = anchorBook(folder, rollout.database.url).load();
    expect(seen).toContainEqual(expect.objectContaining({ flagKey: 'GEN_PROVIDER_WEIGHTS' }));
    expect(seen.map(({ flagKey }) => flagKey)).not.toContain(name);
  },
);

test('a foreign flag may be renamed, and back; one of ours may not be gone without a row', async () => {
  await add('dark_mode');
  await rollout.sql`update feature_flags set flag_key = 'night' where flag_key = 'dark_mode'`;
  expect(await look()).toEqual([]);
  await rollout.sql`update feature_flags set flag_key = 'dark_mode' where flag_key = 'night'`;
  expect(await look()).toEqual([]);
  await rollout.sql.begin(async (tx) => {
    await tx`alter table feature_flags disable trigger user`;
    await tx`delete from feature_flags where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
  });
  expect(await look()).toContainEqual(
    expect.objectContaining({ sentence: expect.stringContaining('the flag was deleted without a row here') }),
  );
});

test('a book that cannot be trusted is an alert, not a first look, until it is moved away', async () => {
  await look();
  const book = anchorBook(folder, rollout.database.url);
  const cut = `${book.line()}`.slice(0, 90);
  writeFileSync(book.place, cut);
  expect(await look()).toEqual([{ key: 'book', sentence: expect.stringContaining('did not sign') }]);
  expect(readFileSync(book.place, 'utf8')).toContain(cut);
  expect(await look()).toHaveLength(1);
  const alerts = () => rollout.sql`
    select detail from sluice.alerts where kind = 'journal_tampered' and resolved_at is null`;
  expect(await alerts()).toMatchObject([{ detail: expect.stringContaining(book.place) }]);
  rmSync(book.place);
  expect(await look()).toEqual([]);
  expect(await alerts()).toHaveLength(0);
});

test('what one machine saw is not called over by another, which has not seen it, before a person has', async () => {
  const others = mkdtempSync(join(tmpdir(), 'watch-integrity-'));
  const lookFrom = (dataDir: string) =>
    watchIntegrity(
      {
        store: integrityStore(rollout.sql),
        book: anchorBook(dataDir, rollout.database.url),
        alerts: rollout.control.alerts,
      },
      { isWhole: true, now: new Date() },
    );
  await lookFrom(folder);
  writeFileSync(anchorBook(folder, rollout.database.url).place, 'nonsense');
  await lookFrom(folder);
  const open = () => rollout.sql<{ id: number }[]>`
    select id from sluice.alerts where kind = 'journal_tampered' and resolved_at is null`;
  expect(await lookFrom(others)).toEqual([]);
  const [alert] = await open();
  expect(alert).toBeDefined();
  await rollout.control.alerts.acknowledge(alert?.id ?? 0, 'operator:ann', 'seen');
  await lookFrom(others);
  expect(await open()).toEqual([]);
  rmSync(others, { recursive: true, force: true });
});
