import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rollBack } from '@/lib/control/verbs/roll-back';
import { openControl } from '@/lib/process/open-control';
import { type TestDataPlane, testDataPlane } from '@/test/support/data-plane';
import { type TestDatabase, testDatabase } from '@/test/support/database';
import { addSplit, writeFlag } from '../gateway/splits/add-split';

let database: TestDatabase;
let plane: TestDataPlane;

const models = {
  fal: {
    id: 'fal-ai/kling-video/v2.5-turbo/pro/text-to-video',
    params: { prompt: { to: 'prompt', required: true }, duration: { values: { 5: '5', 10: '10' }, default: 5 } },
    fixed: {},
  },
  runware: {
    id: 'klingai:6@1',
    params: { prompt: { to: 'positivePrompt', required: true }, duration: { values: { 5: 5, 10: 10 }, default: 5 } },
    fixed: { taskType: 'videoInference' },
  },
} as const;

beforeEach(async () => {
  database = await testDatabase();
  const { sql } = database;
  for (const [provider, { id, params, fixed }] of Object.entries(models)) {
    await sql`insert into sluice.models (alias, provider, provider_model, params, fixed, price)
      values ('a-video', ${provider}, ${id}, ${JSON.stringify(params)}::text::jsonb, ${JSON.stringify(fixed)}::text::jsonb,
        '{"usd": 0.07, "per": "second"}')`;
  }
  await addSplit(sql, { key: 'FILM_WEIGHTS', slug: 'film', kind: 'job', weights: { old: 1, new: 0 } });
  plane = await testDataPlane({ env: { DATABASE_URL: database.url } });
  await expect.poll(() => plane.runtime.dataPlane.splits.all.get('FILM_WEIGHTS')?.routing?.source).toBe('store');
});
afterEach(async () => {
  await plane.close();
  await database.close();
});

const order = async (more: object = {}) => {
  const response = await plane.post('/api/jobs', {
    prompt: 'a lock',
    model: 'a-video',
    duration: 5,
    split: 'film',
    ...more,
  });
  const answer = await response.json();
  expect(response.status, JSON.stringify(answer)).toBe(202);
  return answer;
};
const job = async (id: string) => (await fetch(`${plane.url}/api/jobs/${id}`)).json();

describe('a job from its order to its end', () => {
  it('is told as it goes, and to nobody else', async () => {
    plane.sandbox.control('fal', { jobMs: 1500 });
    const { id } = await order();
    const stream = await fetch(`${plane.url}/api/jobs/${id}/events`);
    expect(stream.headers.get('content-type')).toContain('text/event-stream');
    expect(stream.headers.get('x-sluice-arm')).toBe('old');
    const told = (await stream.text()).trim().split('\n\n');
    const statuses = told.map((event) => JSON.parse(event.replace(/^data: /, '')).status as string);
    expect(statuses[0]).toMatch(/^(?:queued|in_progress)$/);
    expect(statuses.at(-1)).toBe('completed');
    expect(statuses.filter((status) => status === 'completed')).toHaveLength(1);
    const other = await fetch(`${plane.url}/api/jobs/00000000-0000-4000-8000-000000000000/events`);
    expect(other.status).toBe(404);
  });

  it.each([
    ['fal', { old: 1, new: 0 }],
    ['runware', { old: 0, new: 1 }],
  ] as const)('is a video of %s', async (provider, weights) => {
    await writeFlag(database.sql, 'FILM_WEIGHTS', weights);
    const { splits } = plane.runtime.dataPlane;
    await expect.poll(() => splits.all.get('FILM_WEIGHTS')?.routing?.weights).toEqual(weights);
    plane.sandbox.control(provider, { jobMs: 1500 });
    const { id, status } = await order();
    expect(status).toBe('queued');
    await expect.poll(async () => (await job(id)).status, { timeout: 30_000, interval: 100 }).toBe('completed');
    const ended = await job(id);
    expect(ended).toMatchObject({ provider, error: null, outputs: [{ kind: 'video' }] });
    expect(ended.cost_usd).toBeGreaterThan(0);
    expect((await fetch(ended.outputs[0].url)).status).toBe(200);
    const events = await database.sql`
      select event_type as type from analytics_logs where event_type = 'split_ok' and event_data ->> 'job_id' = ${id}`;
    expect(events).toHaveLength(1);
  });

  it('is stopped when its caller says so', async () => {
    plane.sandbox.control('fal', { jobMs: 60_000 });
    const { id } = await order();
    expect((await fetch(`${plane.url}/api/jobs/${id}`, { method: 'DELETE' })).status).toBe(202);
    await expect.poll(async () => (await job(id)).error?.code, { timeout: 30_000, interval: 100 }).toBe('cancelled');
  });

  it('ends where it was made, though everything else goes elsewhere since', async () => {
    plane.sandbox.control('fal', { jobMs: 2500 });
    const { id } = await order();
    await writeFlag(database.sql, 'FILM_WEIGHTS', { old: 0, new: 1 });
    await expect.poll(async () => (await order()).arm, { timeout: 10_000 }).toBe('new');
    await expect.poll(async () => (await job(id)).status, { timeout: 30_000, interval: 100 }).toBe('completed');
    expect(await job(id)).toMatchObject({ arm: 'old', provider: 'fal' });
  });

  it('runs on at a candidate that is rolled back: 200 end there, none is new there, and callers see nothing', {
    timeout: 150_000,
  }, async () => {
    const toCandidate = { old: 0, new: 1 };
    await writeFlag(database.sql, 'FILM_WEIGHTS', toCandidate);
    const { splits } = plane.runtime.dataPlane;
    await expect.poll(() => splits.all.get('FILM_WEIGHTS')?.routing?.weights).toEqual(toCandidate);
    plane.sandbox.control('runware', { jobMs: 6000 });
    const running: { id: string }[] = [];
    for (let n = 0; n < 8; n += 1) running.push(...(await Promise.all(Array.from({ length: 25 }, () => order()))));
    const { controls, close } = await openControl(database.url, { name: 'rollback' });
    try {
      const control = controls.of('FILM_WEIGHTS');
      await rollBack(control, { reason: 'it got slow', actor: 'operator:ann' });
      await expect.poll(() => splits.all.get('FILM_WEIGHTS')?.routing?.weights).toEqual({ old: 1, new: 0 });
      for (let n = 0; n < 20; n += 1) expect((await order()).arm).toBe('old');
      const heard = new Set<string>();
      const statuses = async () => {
        const answers = await Promise.all(running.map(({ id }) => fetch(`${plane.url}/api/jobs/${id}`)));
        expect(answers.every(({ status }) => status === 200)).toBe(true);
        const jobs = await Promise.all(answers.map((answer) => answer.json()));
        expect(jobs.every(({ arm, provider }) => arm === 'new' && provider === 'runware')).toBe(true);
        for (const { status } of jobs) heard.add(status);
        return jobs.filter(({ status }) => status === 'completed').length;
      };
      await expect.poll(statuses, { timeout: 120_000, interval: 1000 }).toBe(200);
      expect(heard.has('failed')).toBe(false);
      expect(plane.sandbox.jobs('runware')).toHaveLength(200);
      const [ends] = await database.sql<{ n: number }[]>`
        select count(*)::int as n from analytics_logs a
        where a.event_type = 'split_ok' and a.event_data ->> 'arm' = 'new' and a.event_data ->> 'phase' = 'end'`;
      expect(ends?.n).toBe(200);
    } finally {
      await close();
    }
  });
});
