import { afterAll, beforeAll, expect, it } from 'vitest';
import { readDatabaseFacts } from '@/lib/doctor/diagnosis-store';
import { checkJobs } from '@/lib/doctor/jobs/check-jobs';
import { WebhookLedger } from '@/lib/jobs/webhooks/webhook-ledger';
import { type TestDatabase, testDatabase } from '../../support/database';
import { jobRow } from '../../support/polled-jobs';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

async function findings() {
  const { rollout } = await readDatabaseFacts(database.sql, 'GEN_PROVIDER_WEIGHTS');
  if (rollout === null) throw new Error('no schema');
  const providers = [{ name: 'kling', jobAgeLimitMs: 7_200_000 }] as never;
  return checkJobs(rollout, { providers }).map(({ check, status, what, fix }) => [`${status} ${check}: ${what}`, fix]);
}
const row = (change: Parameters<typeof jobRow>[2]) =>
  jobRow(database.sql, 'http://127.0.0.1:1', { dueInMs: 60_000, ...change });

it('the doctor says of jobs what holds them up, and what to do', async () => {
  expect(await findings()).toEqual([]);
  await row({ ageMs: 7_500_000 });
  expect((await findings())[0]?.[0]).toMatch(/^ok jobs: running: 1 at kling \(oldest 2h 5m( \ds)?\)$/);

  await row({ ageMs: 8_000_000 });
  const old = await findings();
  expect(old).toHaveLength(1);
  expect(old[0]?.[0]).toMatch(
    /^problem jobs: the oldest job at kling is 2h 13m \d+s old, past its age limit of 2h: no look/,
  );

  await row({ dueInMs: -300_000 });
  const held = await row({ dueInMs: -200_000 });
  await database.sql`update sluice.jobs set leased_by = 'one that died', leased_until = now() - interval '90 seconds'
    where id = ${held}`;
  const late = await findings();
  expect(late).toHaveLength(1);
  expect(late[0]?.[0]).toMatch(
    /^problem jobs: nobody looks at 2 jobs at kling, due for up to 5m( \ds)?, 1 of them left by a process whose lease ran out$/,
  );

  await database.sql`update sluice.jobs set due_at = now() + interval '30 seconds', blocked = 'kling has no key'`;
  expect(await findings()).toEqual([
    [
      'problem jobs: 4 jobs at kling cannot be looked at: kling has no key',
      expect.stringContaining('sluice jobs retry-poll --provider kling'),
    ],
  ]);
});

it('and of webhooks that never verify, whoever counted them', async () => {
  const [one, two] = [new WebhookLedger(), new WebhookLedger()];
  one.note('fal', null);
  one.note('fal', 'it is not signed');
  await one.write(database.sql);
  const heard = async () => (await findings()).filter(([line]) => line?.includes('webhooks'));
  expect(await heard()).toEqual([]);
  two.note('fal', 'none of the known keys has signed it');
  two.note('fal', 'none of the known keys has signed it');
  await two.write(database.sql);
  expect(await heard()).toEqual([
    [
      'problem webhooks: 3 webhooks of fal were refused (since the last that was taken): none of the known keys has signed it',
      expect.stringContaining('SLUICE_PUBLIC_URL'),
    ],
  ]);
  one.note('fal', 'late');
  one.note('fal', null);
  await Promise.all([one.write(database.sql), two.write(database.sql)]);
  expect(await heard()).toEqual([]);
  const [stored] = await database.sql`
    select w.taken::int, w.refused::int, w.refused_in_a_row::int as in_a_row from sluice.job_webhooks w`;
  expect(stored).toEqual({ taken: 2, refused: 4, in_a_row: 0 });
});
