import { afterAll, beforeAll, expect, test } from 'vitest';
import { jobStates, mayStep } from '@/lib/jobs/job-state';
import { type TestDatabase, testDatabase } from '../support/database';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const insert = (change: object = {}) => {
  const row = {
    ...{ split: 'FILM_WEIGHTS', door: 'sluice', caller: 'anyone', request_id: 'r1', arm: 'kling', assigned: 'kling' },
    ...{
      provider: 'fal',
      adapter: 'fal',
      key_version: 0,
      base_url: 'https://fal.run',
      model: 'm',
      provider_model: 'm',
    },
    ...change,
  };
  return database.sql<{ id: string }[]>`insert into sluice.jobs ${database.sql(row)} returning id`;
};

test('SQL and TypeScript know the same steps of a job', async () => {
  const { sql } = database;
  const pairs = jobStates.flatMap((from) => jobStates.map((to) => ({ from, to })));
  const rows = await sql<{ from: string; to: string; may: boolean }[]>`
    select p.from, p.to, sluice.job_may_step(p.from, p.to) as may
    from jsonb_to_recordset(${sql.json(pairs)}) as p ("from" text, "to" text)`;
  expect(rows.map(({ from, to, may }) => [from, to, may])).toEqual(
    pairs.map(({ from, to }) => [from, to, mayStep(from, to)]),
  );
});

test('no job begins bound, skips a step, moves to another place or comes back', async () => {
  const { sql } = database;
  await expect(insert({ state: 'accepted', upstream_id: 'u' })).rejects.toThrow('a job begins as "attempting"');
  const [job] = await insert();
  const set = (change: object) => sql`update sluice.jobs set ${sql({ ...change })} where id = ${job?.id ?? ''}`;
  await expect(set({ state: 'running', upstream_id: 'u1' })).rejects.toThrow('from there no job becomes "running"');
  await set({ state: 'accepted', upstream_id: 'u1' });
  await expect(set({ upstream_id: 'u2' })).rejects.toThrow('it lives at fal');
  await expect(set({ provider: 'runware' })).rejects.toThrow('it lives at fal');
  await expect(set({ caller: 'other' })).rejects.toThrow('stay what they are');
  await expect(set({ state: 'completed' })).rejects.toThrow('jobs_ended');
  await sql`update sluice.jobs set state = 'completed', ended_at = now(), due_at = null where id = ${job?.id ?? ''}`;
  await expect(set({ state: 'running' })).rejects.toThrow('from there no job becomes');
});
