import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { journalStore } from '@/lib/control/journal/journal-store';
import { connect } from '@/lib/postgres/connection';
import { type TestDatabase, testDatabase } from '@/test/support/database';

let database: TestDatabase;

beforeEach(async () => {
  database = await testDatabase();
  await weights('{"fal":0.9,"runware":0.1}', 'begin');
  await weights('{"fal":0.5,"runware":0.5}', '50%_more');
  await weights('{"fal":1,"runware":0}', 'end');
});
afterEach(() => database.close());

const weights = (text: string, reason: string, actor = 'operator:ann') =>
  database.sql.begin(async (tx) => {
    await tx`select set_config('sluice.actor', ${actor}, true), set_config('sluice.verb', 'weights', true),
      set_config('sluice.reason', ${reason}, true), set_config('sluice.evidence', '{"n":3}', true)`;
    await tx`insert into feature_flags (flag_key, flag_value, flag_value_text)
      values ('GEN_PROVIDER_WEIGHTS', false, ${text})
      on conflict (flag_key) do update set flag_value_text = excluded.flag_value_text`;
  });
const store = () => journalStore(database.sql);
const untriggered = (statement: string) =>
  database.sql.begin(async (tx) => {
    await tx`alter table sluice.journal disable trigger all`;
    await tx.unsafe(statement);
    await tx`alter table sluice.journal enable always trigger append_only`;
  });

describe('the journal', () => {
  test.each([
    `update sluice.journal set reason = 'other'`,
    'delete from sluice.journal',
    'truncate sluice.journal',
    'set session_replication_role = replica; delete from sluice.journal',
  ])('refuses %s', async (statement) => {
    await expect(database.sql.unsafe(statement)).rejects.toThrow('sluice.journal is append-only');
  });

  test('verifies when nobody touched it', async () => {
    expect(await store().faults()).toEqual([]);
  });

  test('verifies whatever the session’s time zone, date style and language settings', async () => {
    const sql = connect(`${database.url}?timezone=Asia/Kathmandu&datestyle=German`, { name: 'odd', max: 1 });
    await sql`update feature_flags set flag_value_text = '{"fal":0.9,"runware":0.1}'`;
    const faults = await journalStore(sql).faults();
    await sql.end();
    expect(faults).toEqual([]);
    expect(await store().faults()).toEqual([]);
  });

  test.each([
    [`update sluice.journal set reason = 'other' where seq = 2`, 2, 'its content was changed'],
    [`update sluice.journal set at = at + interval '1 microsecond' where seq = 1`, 1, 'its content was changed'],
    ['delete from sluice.journal where seq = 2', 3, 'a row is missing before this one'],
    ['delete from sluice.journal where seq = 3', 3, 'the newest rows are missing'],
  ])('shows tampering: %s', async (statement, seq, fault) => {
    await untriggered(statement);
    const [found] = await store().faults();
    expect(found).toMatchObject({ flagKey: 'GEN_PROVIDER_WEIGHTS', seq });
    expect([fault, 'the flag has changed without a row here']).toContain(found?.fault ?? '');
  });

  test('shows a flag that was changed behind the triggers', async () => {
    await database.sql.begin(async (tx) => {
      await tx`alter table feature_flags disable trigger user`;
      await tx`update feature_flags set version = version + 1`;
    });
    expect(await store().faults()).toMatchObject([{ fault: 'the flag has changed without a row here' }]);
  });

  test('chains many writers at once without a fault', async () => {
    await Promise.all(Array.from({ length: 40 }, (_, i) => weights('{"fal":0.9,"runware":0.1}', `w${i}`)));
    expect(await store().faults()).toEqual([]);
    const [steps] = await database.sql<{ broken: number }[]>`
      select count(*) filter (where version_from is distinct from before)::int as broken
      from (select version_from, lag(version) over (order by seq) as before from sluice.journal) j`;
    expect(steps?.broken).toBe(0);
  });

  test('notifies of key and version', async () => {
    const heard = new Promise<string>((resolve) => {
      database.sql.listen('sluice_flags', resolve, () => weights('{"fal":0.9,"runware":0.1}', 'again'));
    });
    expect(JSON.parse(await heard)).toEqual({ key: 'GEN_PROVIDER_WEIGHTS', version: expect.any(Number) });
  });
});

describe('the journal store', () => {
  test('lists the newest first, in pages', async () => {
    const first = await store().list({ limit: 2 });
    expect(first.map((entry) => entry.reason)).toEqual(['end', '50%_more']);
    expect(first[0]).toMatchObject({
      actor: 'operator:ann',
      login: 'postgres',
      verb: 'weights',
      stage_from: 'D2',
      stage_to: 'rolled_back',
      evidence: { n: 3 },
      policy_version: 0,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
    const rest = await store().list({ limit: 2, beforeId: first[1]?.id ?? 0 });
    expect(rest.map((entry) => entry.reason)).toEqual(['begin']);
  });

  test.each([
    [{ text: '50%_' }, 1],
    [{ text: 'D2' }, 1],
    [{ text: '%' }, 1],
    [{ actor: 'operator:bob' }, 0],
    [{ verb: 'weights' }, 3],
    [{ flagKey: 'OTHER' }, 0],
    [{ fromMs: 4102444800000 }, 0],
    [{ toMs: 4102444800000 }, 3],
  ])('finds by %j', async (query, count) => {
    expect(await store().list({ limit: 10, ...query })).toHaveLength(count);
  });

  test('lists the beginning of what is as large as only somebody else’s flag can be, and gets the whole', async () => {
    const large = 'x'.repeat(10_000_000);
    await database.sql`insert into feature_flags (flag_key, flag_value_text) values ('OTHER', ${large})`;
    const listed = await store().list({ limit: 2 });
    expect(JSON.stringify(listed).length).toBeLessThan(5000);
    expect(listed[0]?.becomes).toMatch(/^x{500}… \(10000000 characters/);
    expect((await store().get(listed[0]?.id ?? 0))?.becomes).toHaveLength(10_000_000);
  });

  test('gets one entry, or null', async () => {
    const [newest] = await store().list({ limit: 1 });
    expect(await store().get(newest?.id ?? 0)).toEqual(newest);
    expect(await store().get(999_999)).toBeNull();
  });
});
