import { afterAll, beforeAll, expect } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database';
import { type FaultWorld, faultWorld, type WorldWeb } from '../support/fault-world';
import { writeWeights } from '../support/rollout';
import { fault } from './fault';

let world: FaultWorld;
let database: TestDatabase;
beforeAll(async () => {
  [world, database] = await Promise.all([faultWorld(), testDatabase()]);
  await writeWeights(database.sql, { fal: 1, runware: 0 });
});
afterAll(async () => {
  await world.close();
  await database.close();
});

const env = { SLUICE_API_KEYS: 'key-of-ann-1,key-of-bob-2' };
const calls = () => world.sandbox.counters('fal').inference ?? 0;

async function ask(web: WorldWeb, headers: Record<string, string>, key: string) {
  const answer = await fetch(`${web.url}/api/generate`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key, ...headers },
    body: '{"prompt":"x"}',
  });
  return { status: answer.status, url: (await answer.json()).images?.[0]?.url as string };
}

fault(
  'F40',
  {
    what: 'two callers, one Idempotency-Key; one caller, four spellings',
    injected: 'Bearer, bearer, two spaces, X-API-Key; two web processes',
    expected: 'two answers; one answer',
  },
  async (saw) => {
    const webs = await Promise.all([world.web(database.url, { env }), world.web(database.url, { env })]);
    const spellings = (key: string): Record<string, string>[] => [
      { authorization: `Bearer ${key}` },
      { authorization: `bearer ${key}` },
      { authorization: `Bearer  ${key}` },
      { 'x-api-key': key },
    ];
    const before = calls();
    const urls: Record<string, string[]> = { ann: [], bob: [] };
    for (const [name, key] of [['ann', 'key-of-ann-1'] as const, ['bob', 'key-of-bob-2'] as const]) {
      for (const headers of spellings(key)) {
        for (const web of webs) {
          const { status, url } = await ask(web, headers, 'order-1');
          expect(status).toBe(200);
          urls[name]?.push(url);
        }
      }
    }
    const [ann, bob] = [new Set(urls.ann), new Set(urls.bob)];
    expect([ann.size, bob.size]).toEqual([1, 1]);
    expect([...ann]).not.toEqual([...bob]);
    expect(calls() - before).toBe(2);
    saw(`16 requests: ${calls() - before} provider calls, ${ann.size} answer to ann, ${bob.size} to bob`);
    const callers = await database.sql`
      select distinct event_data ->> 'caller' as caller from public.analytics_logs where event_type = 'gen_route'`;
    expect(callers.every(({ caller }) => /^env-[\da-f]{8}$/.test(caller))).toBe(true);
  },
);
