import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseEnv } from '@/lib/config/env';
import { type OpenControl, openControl } from '@/lib/process/open-control';
import { type Connections, openConnections } from '@/lib/process/stores';
import { type TestDatabase, testDatabase } from '@/test/support/database';
import { eventually } from '@/test/support/eventually';

let database: TestDatabase;
let connections: Connections;
let watchdog: OpenControl;

beforeAll(async () => {
  database = await testDatabase();
  const made = openConnections(parseEnv({ DATABASE_URL: database.url, LOG_LEVEL: 'silent' }));
  if (made === null) throw new Error('a database was named, and none is connected to');
  connections = made;
  watchdog = await openControl(database.url, { name: 'watchdog' });
});
afterAll(async () => {
  await Promise.all([connections.end(), watchdog.close()]);
  await database.close();
});

const opened = async (like: string) => {
  const rows = await database.sql<{ name: string }[]>`
    select distinct application_name as name from pg_stat_activity
    where datname = current_database() and application_name like ${like} and application_name <> 'sluice test'
    order by 1`;
  return rows.map(({ name }) => name);
};

it('no pool of a web process waits for operators whose questions take long', async () => {
  // Longer than the others may take on a busy machine; cut short at the end.
  const questions = Array.from({ length: 7 }, async () => connections.control`select pg_sleep(6)`);
  const asleep = () => database.sql<{ pid: number }[]>`
    select pid from pg_stat_activity
    where datname = current_database() and application_name = 'sluice control' and wait_event = 'PgSleep'`;
  await eventually(asleep, ({ length }) => length === 6, 20_000);
  const poll = connections.openPoll();
  const others = [connections.events, connections.requests, connections.jobs, connections.ticks, poll];
  const answered = Promise.all(others.map((sql) => sql`select 1`)).then(() => 'answered');
  expect(await Promise.race([answered, ...questions.map((question) => question.then(() => 'waited'))])).toBe(
    'answered',
  );
  expect(await connections.pulse.whileAnswering(wait(1500, 'the work'))).toBe('the work');
  expect(await opened('sluice %')).toEqual([
    ...[
      'sluice control',
      'sluice cron',
      'sluice events',
      'sluice jobs',
      'sluice pulse',
      'sluice requests',
      'sluice weights',
    ],
  ]);
  let isOver = false;
  void Promise.allSettled(questions).then(() => {
    isOver = true;
  });
  const wake = async () => {
    for (const { pid } of await asleep()) await database.sql`select pg_cancel_backend(${pid})`;
    return isOver;
  };
  await eventually(wake, Boolean, 20_000, 50);
  await poll.end({ timeout: 1 });
});

it('a watchdog has one for its decisions, one for upkeep, and one for all else', async () => {
  const access = watchdog.access({
    supabaseUrl: null,
    supabaseKey: null,
    publicUrl: null,
    allowPrivateWebhooks: false,
  });
  await watchdog.control.ticks.last();
  await watchdog.maintain();
  await Promise.all([watchdog.control.alerts.open(), access.deliver()]);
  await access.close();
  expect(await opened('sluice watchdog%')).toEqual([
    'sluice watchdog',
    'sluice watchdog tick',
    'sluice watchdog upkeep',
  ]);
});
