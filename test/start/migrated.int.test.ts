import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { migrated, migratedOrLater } from '@/scripts/start/migrated';
import { type TestDatabase, testDatabase } from '../support/database';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';

let database: TestDatabase;
let proxy: TcpProxy;
let said: string[];
let url: string;
/** How far it is, which is said every ten seconds, is left out: this machine may be slow. */
const say = (line: string) => void (line.startsWith('still migrating') || said.push(line));

beforeEach(async () => {
  said = [];
  database = await testDatabase({ migrated: false });
  proxy = await startTcpProxy({ port: Number(new URL(database.url).port) });
  url = database.url.replace(/127\.0\.0\.1:\d+/, `127.0.0.1:${proxy.port}`);
});
afterEach(async () => {
  await proxy.close();
  await database.close();
});

describe('the database of a start', () => {
  test('is migrated with a word on each file, and the second time without one', async () => {
    const each: string[] = [];
    await migrated(url, say, (line) => void each.push(line));
    expect(each[0]).toMatch(/^applied \d{14}_/);
    expect(said).toEqual([`database migrated: ${each.length} files applied, 0 were there`]);
    await migrated(url, say, say);
    expect(said).toHaveLength(1);
  });

  test('is migrated as soon as it answers when it is away', { timeout: 120_000 }, async () => {
    proxy.accept = 'reset';
    const { isAway, giveUp } = await migratedOrLater(url, say);
    expect(isAway).toBe(true);
    expect(said[0]).toMatch(/^the database of DATABASE_URL does not answer: .*Starting all the same/);
    expect(said.join()).not.toContain(new URL(url).password);
    proxy.accept = 'pass';
    await expect.poll(() => said.at(-1), { timeout: 90_000 }).toBe('the database answers, and is up to date');
    expect(await database.sql`select to_regclass('public.feature_flags') is not null as made`).toEqual([
      { made: true },
    ]);
    giveUp();
  });

  test('is migrated in the end where a later try fails, which is said once', { timeout: 240_000 }, async () => {
    proxy.accept = 'reset';
    const { giveUp } = await migratedOrLater(url, say);
    await database.sql`create view public.feature_flags as select 'a' as flag_key`;
    proxy.accept = 'pass';
    const refusal = 'the database answers, but could not be migrated: nothing was migrated and nothing changed';
    await expect.poll(() => said.at(-1), { timeout: 90_000 }).toContain(refusal);
    await setTimeout(5000);
    await database.sql`drop view public.feature_flags`;
    await expect.poll(() => said.at(-1), { timeout: 90_000 }).toBe('the database answers, and is up to date');
    expect(said.filter((line) => line.includes(refusal))).toHaveLength(1);
    giveUp();
  });

  test('that answers and refuses is not taken for away', async () => {
    const wrong = url.replace(/:[^:@/]+@/, ':wrong@');
    await expect(migratedOrLater(wrong, say)).rejects.toThrow('password authentication failed');
    expect(said).toEqual([]);
  });
});
