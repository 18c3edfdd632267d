import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { storeFault, storeSentence } from '@/lib/kernel/store-fault';
import { migrate } from '@/lib/postgres/migrate/migrate';
import { type Access, openAccessAt } from '@/lib/process/build-access';
import { diagnose } from '@/lib/process/doctor/diagnose';
import { type OpenControl, openControl } from '@/lib/process/open-control';
import { type TestDatabase, testDatabase } from '@/test/support/database';

/** Made of the policy and the flags only: each table that a store reads came later. */
const lastOfEarlierBuild = '20261129000300';
let database: TestDatabase;
let empty: TestDatabase;
let folder: string;
let opened: OpenControl;
let access: Access;

beforeAll(async () => {
  [database, empty] = await Promise.all([testDatabase({ migrated: false }), testDatabase({ migrated: false })]);
  folder = mkdtempSync(join(tmpdir(), 'older-schema-'));
  const earlier = readdirSync('supabase/migrations').filter((file) => file.slice(0, 14) <= lastOfEarlierBuild);
  for (const file of earlier) cpSync(join('supabase/migrations', file), join(folder, file));
  await migrate(database.url, { folder });
  opened = await openControl(database.url);
  access = openAccessAt(database.url, noDirectory);
});
afterAll(async () => {
  await Promise.all([opened.close(), access.close()]);
  await Promise.all([database.close(), empty.close()]);
  rmSync(folder, { recursive: true, force: true });
});

const noDirectory = { supabaseUrl: null, supabaseKey: null, publicUrl: null, allowPrivateWebhooks: false };
const told = (error: unknown) => {
  const fault = storeFault(error);
  return fault && storeSentence(fault, { subject: 'the database' });
};
const failing = (work: Promise<unknown>) => work.then(() => 'it did not fail', told);

it.each<[string, () => Promise<unknown>]>([
  ['alerts', () => opened.control.alerts.open()],
  ['journal', () => opened.control.journal.list({ limit: 1 })],
  ['instances', () => opened.control.instances.list(60)],
  ['ticks', () => opened.control.ticks.last()],
  ['a tick', () => opened.control.ticks.inSlot({ by: 't', intervalSeconds: 10, deadlineMs: 5000 }, async () => null!)],
  ['operators', () => access.identities.operators.list()],
  ['sessions', () => access.identities.sessions.list()],
  ['channels', () => access.channels.channels.list()],
])('a schema that is older than the program is called that, and not none: %s', async (_store, ask) => {
  expect(await failing(ask())).toMatch(
    /^The database has an older Sluice schema than this program: .*"?sluice\.\w+.*\. npm run migrate\.$/,
  );
});

it('where there is no schema, none is said to be older', async () => {
  const { control, close } = await openControl(empty.url);
  expect(await failing(control.alerts.open())).toMatch(
    /has no Sluice schema\. Check DATABASE_URL, then npm run migrate/,
  );
  await close();
});

it('the doctor names what is missing of an older one, and never calls it none', async () => {
  const { findings } = await diagnose({ PORT: '1' }, { root: process.cwd(), databaseUrl: database.url });
  expect(findings.find(({ check }) => check === 'migrations')?.fix).toBe('npm run migrate');
  expect(JSON.stringify(findings)).not.toContain('no Sluice schema');
});
