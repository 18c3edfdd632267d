import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseEnv } from '@/lib/config/env';
import { createLog } from '@/lib/config/log';
import { followJobs } from '@/lib/process/watchdog/follow-jobs';
import { WatchedRegistry } from '@/lib/process/watchdog/watched-registry';
import { FollowAccess } from '@/lib/registry/follow-access';
import { type TestDataPlane, testDataPlane } from '../../support/data-plane';
import { type TestDatabase, testDatabase } from '../../support/database';
import { eventually } from '../../support/eventually';
import { jobRow, readJob } from '../../support/polled-jobs';

let database: TestDatabase;
let plane: TestDataPlane;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  await plane?.close();
  await database.close();
});

const openAlerts = () => database.sql<{ key: string; detail: string }[]>`
  select a.key, a.detail from sluice.alerts a where a.kind = 'jobs_blocked' and a.resolved_at is null`;
const lost = { provider: 'fal', adapter: 'fal', key_version: 7 };

test('a watchdog without the key leaves the job alone', async () => {
  const id = await jobRow(database.sql, 'http://127.0.0.1:1', lost);
  const env = parseEnv({ DATABASE_URL: database.url, NODE_ENV: 'test' });
  const following = followJobs({ ...env, DATABASE_URL: database.url }, createLog('silent', {}), () => undefined);
  const looks = () => database.sql`
    select from pg_stat_activity where application_name = 'sluice watchdog jobs' and query like '%lease_jobs%'`;
  await eventually(looks, (rows) => rows.length > 0, 20_000, 100);
  await new Promise((resolve) => setTimeout(resolve, 500));
  await following.stop();
  expect(await readJob(database.sql, id)).toMatchObject({ state: 'accepted', blocked: null, leased_by: null });
});

test('a web process says of a job why it waits, raises one alert, and ends it when the job goes on', async () => {
  const id = await jobRow(database.sql, 'http://127.0.0.1:1', lost);
  plane = await testDataPlane({ env: { DATABASE_URL: database.url } });
  await eventually(
    async () => (await readJob(database.sql, id)).blocked,
    (why) => why !== null,
    20_000,
    50,
  );
  await eventually(openAlerts, (alerts) => alerts.length === 1, 20_000, 100);
  const [alert] = await openAlerts();
  expect(alert).toMatchObject({ key: 'fal' });
  expect(alert?.detail).toContain('None is failed for it');
  expect((await readJob(database.sql, id)).state).toBe('accepted');
  await database.sql`update sluice.jobs set blocked = null, due_at = now() + interval '1 hour'`;
  await eventually(openAlerts, (alerts) => alerts.length === 0, 20_000, 100);
});

test('what another server has under the same version is read after a look that failed, and once a minute', async () => {
  const { sql } = database;
  const clock = { ms: 0, monotonic: () => clock.ms };
  const registry = new WatchedRegistry(sql, clock);
  const callers: string[][] = [];
  const log = createLog('silent', {});
  const access = new FollowAccess({ sql, file: null, log, onChange: (all) => callers.push(all.callers.map(nameOf)) });
  const look = async () => {
    const { version, isWhole } = await registry.look();
    access.heard(version, isWhole);
    return registry.current.providers.map(nameOf).filter((name) => name.startsWith('of-'));
  };
  /** As if a replica without the last change had taken over, and come to its version by this one. */
  const unnoted = (name: string) =>
    sql.begin(async (tx) => {
      await tx`alter table sluice.providers disable trigger zz_note`;
      await tx`alter table sluice.callers disable trigger zz_note`;
      await tx`insert into sluice.providers (name, label, adapter) values (${name}, 'P', 'openai')`;
      await tx`insert into sluice.callers (name) values (${name})`;
      await tx`alter table sluice.providers enable always trigger zz_note`;
      await tx`alter table sluice.callers enable always trigger zz_note`;
    });
  const isKnown = (name: string) => eventually(async () => callers.at(-1)?.includes(name), Boolean, 20_000, 20);
  await Promise.all([look(), access.start()]);
  await unnoted('of-a');
  expect(await look()).toEqual([]);
  await sql`alter function sluice.registry_version() rename to registry_version_away`;
  await expect(look()).rejects.toThrow('registry_version');
  await sql`alter function sluice.registry_version_away() rename to registry_version`;
  expect(await look()).toEqual(['of-a']);
  await isKnown('of-a');
  await unnoted('of-b');
  clock.ms += 59_000;
  expect(await look()).toEqual(['of-a']);
  clock.ms += 1000;
  expect(await look()).toEqual(['of-a', 'of-b']);
  await isKnown('of-b');
});

const nameOf = ({ name }: { readonly name: string }) => name;
