import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as door from '@/app/api/[[...rest]]/route';
import { env } from '@/lib/config/env';
import { anchorsIn } from '@/lib/control/journal/anchor-line';
import { cronSecret, type TestApi, testApi } from '@/test/support/api';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api.close());

const headers = { authorization: `Bearer ${cronSecret}` };
const tick = async () => (await api.call(door, { path: '/api/cron/watchdog?interval=10', headers })).status;
const tampered = () => api.rollout.sql<{ key: string }[]>`
  select a.key from sluice.alerts a where a.kind = 'journal_tampered' and a.resolved_at is null`;

it('an outside cron also looks for what went past the guards, at the pace of the watchdog, and signs the heads', async () => {
  const { sql } = api.rollout;
  await sql`alter table feature_flags disable trigger zz_sluice_guard`;
  expect(await tick()).toBe(200);
  const [first] = await tampered();
  expect(first?.key).toMatch(/^guard .*feature_flags\.zz_sluice_guard$/);
  await sql`alter table feature_flags enable always trigger zz_sluice_guard`;
  expect(await tick()).toBe(200);
  expect(await tampered(), 'it looks no more often than the watchdog').toHaveLength(1);
  await expect
    .poll(async () => [await tick(), await tampered()], { timeout: 20_000, interval: 1000 })
    .toEqual([200, []]);
  const folder = env().SLUICE_DATA_DIR;
  const book = readdirSync(folder).find((name) => name.startsWith('journal-anchor-')) ?? '';
  expect(anchorsIn(readFileSync(join(folder, book), 'utf8'))).toHaveLength(1);
});
