import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type TestDataPlane, testDataPlane } from '@/test/support/data-plane';
import { type TestDatabase, testDatabase } from '@/test/support/database';

let db: TestDatabase;
let planes: TestDataPlane[] = [];
beforeAll(async () => {
  db = await testDatabase();
  planes = await Promise.all([1, 2].map(() => testDataPlane({ env: { DATABASE_URL: db.url } })));
  const know = () => planes.every(({ runtime }) => runtime.dataPlane.generate.users.isKnown);
  await vi.waitFor(() => expect(know()).toBe(true), 20_000);
});
afterAll(async () => {
  await Promise.all(planes.map((plane) => plane.close()));
  await db.close();
});

interface Marked {
  readonly user_hash: string | null;
  readonly size: string | null;
  readonly price_key: string | null;
}

/** What the log says of requests, in order of their ids, once it says it of all of them. */
async function marksOf(type: string, ids: readonly string[]): Promise<readonly Marked[]> {
  return vi.waitFor(async () => {
    const rows = await db.sql<Marked[]>`
      select l.event_data ->> 'user_hash' as user_hash, l.event_data ->> 'size' as size,
        l.event_data ->> 'price_key' as price_key
      from analytics_logs l
      where l.event_type = ${type} and l.event_data ->> 'request_id' = any (${[...ids]})
      order by l.event_data ->> 'request_id'`;
    expect(rows).toHaveLength(ids.length);
    return rows;
  }, 20_000);
}

const ask = (plane: number, id: string, body: object) =>
  planes[plane]?.post('/api/generate', { prompt: 'a lighthouse', ...body }, { 'x-request-id': id });

test('every process writes one hash for a user, another for another, none for nobody, and never who it is', async () => {
  await ask(0, 'user-0001', { user: 'alice@example.com' });
  await ask(1, 'user-0002', { user: 'alice@example.com' });
  await ask(1, 'user-0003', { user: 'bob@example.com' });
  await ask(0, 'user-0004', {});
  const ids = ['user-0001', 'user-0002', 'user-0003', 'user-0004'];
  for (const type of ['gen_route', 'gen_ok']) {
    const [alice, again, bob, nobody] = (await marksOf(type, ids)).map(({ user_hash }) => user_hash);
    expect(alice).toMatch(/^[0-9a-f]{16}$/);
    expect(again).toBe(alice);
    expect(bob).toMatch(/^[0-9a-f]{16}$/);
    expect(bob).not.toBe(alice);
    expect(nobody).toBeNull();
  }
  const [named] = await db.sql<{ n: number }[]>`
    select count(*)::int as n from analytics_logs l where l::text ilike '%alice%' or l::text ilike '%bob%'`;
  expect(named?.n).toBe(0);
});

test('a row says what its price depends on, the same at both providers and by whichever name the model was asked for', async () => {
  for (const provider of ['fal', 'runware'] as const) {
    planes[0]?.runtime.dataPlane.weights.offer({
      version: provider === 'fal' ? 100 : 101,
      text: JSON.stringify({ fal: 0, runware: 0, [provider]: 1 }),
      stage: 'custom',
    });
    await ask(0, `price-${provider}`, { width: 512, height: 768, model: 'flux-dev' });
  }
  await ask(1, 'price-default', {});
  const rows = await marksOf('gen_route', ['price-default', 'price-fal', 'price-runware']);
  expect(rows.map(({ size }) => size)).toEqual(['1024x1024', '512x768', '512x768']);
  expect(rows.map(({ price_key }) => price_key)).toEqual([
    'flux-schnell 1024x1024',
    'flux-dev 512x768',
    'flux-dev 512x768',
  ]);
});

test('without the salt requests are served and no hash is written', async () => {
  const away = await testDataPlane({ env: { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' } });
  const recorded: Readonly<Record<string, unknown>>[] = [];
  const { events } = away.runtime.dataPlane;
  const record = events.record.bind(events);
  events.record = (type, data, more) => {
    recorded.push(data);
    record(type, data, more);
  };
  const response = await away.post('/api/generate', { prompt: 'a lighthouse', user: 'alice@example.com' });
  expect(response.status).toBe(200);
  expect(recorded.map((data) => data.user_hash)).toEqual([undefined, undefined]);
  await away.close();
});
