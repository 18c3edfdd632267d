import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type TestDataPlane, testDataPlane } from '@/test/support/data-plane';
import { type TestDatabase, testDatabase } from '@/test/support/database';
import { writeFlag } from '../splits/add-split';

/** Named by an id of Runware's: FAL cannot be told it. */
const loras = [{ model: 'civitai:1@2', scale: 1 }];
const wanted = { prompt: 'x', model: 'flux-dev', loras };
let database: TestDatabase;
let plane: TestDataPlane;

beforeEach(async () => {
  database = await testDatabase();
  await weigh(0.5);
  plane = await testDataPlane({ env: { DATABASE_URL: database.url } });
});
afterEach(async () => {
  await plane.close();
  await database.close();
});

async function weigh(runware: number): Promise<void> {
  await writeFlag(database.sql, 'GEN_PROVIDER_WEIGHTS', { fal: 1 - runware, runware });
}
const calls = (name: 'fal' | 'runware') => plane.sandbox.counters(name).inference ?? 0;
const assigned = () => Object.fromEntries(plane.runtime.dataPlane.splits.first.assigned);
const rows = () => database.sql<{ event_type: string; event_data: Record<string, unknown> }[]>`
  select event_type, event_data from analytics_logs order by id`;

it('is sent to the arm that can be told it, and is no observation of anybody', async () => {
  for (let i = 0; i < 4; i += 1) {
    const answer = await plane.post('/api/generate', wanted);
    expect([answer.status, answer.headers.get('x-sluice-pinned')]).toEqual([200, 'runware; loras']);
    expect(await answer.json()).toMatchObject({ provider: 'runware', pinned: ['loras'] });
  }
  expect([calls('fal'), calls('runware')]).toEqual([0, 4]);
  expect(assigned()).toEqual({ fal: 0, runware: 0 });
  await expect.poll(async () => (await rows()).length).toBe(8);
  for (const { event_type, event_data } of await rows()) {
    expect(event_data).toMatchObject({ pinned: true, arm: 'runware', assigned: 'runware' });
    if (event_type === 'gen_route') expect(event_data.pinned_by).toEqual(['loras']);
  }
  expect(await database.sql`select from sluice.bucket_deltas d where d.requests > 0`).toHaveLength(0);
});

it('is rescued by no arm that cannot be told it', async () => {
  plane.sandbox.control('runware', { failureRate: 1, status: 503 });
  const answer = await plane.post('/api/generate', wanted);
  expect(answer.status).toBe(502);
  expect((await answer.json()).attempts).toHaveLength(1);
  expect([calls('fal'), calls('runware')]).toEqual([0, 1]);
});

it('goes to no arm that was taken back while it waited', async () => {
  const { heldBytes, splits } = plane.runtime.dataPlane;
  const all = await heldBytes.take(256 * 1024 * 1024, AbortSignal.timeout(1000));
  const take = vi.spyOn(heldBytes, 'take');
  const body = { ...wanted, response_format: 'b64_json' };
  const waiting = plane.post('/v1/images/generations', body);
  await expect.poll(() => take.mock.calls.length).toBe(1);
  await weigh(0);
  await expect.poll(() => splits.first.routing?.weights.runware).toBe(0);
  all?.free();
  const answer = await waiting;
  expect([answer.status, (await answer.json()).error?.param]).toEqual([422, 'loras']);
  expect([calls('fal'), calls('runware')]).toEqual([0, 0]);
});
