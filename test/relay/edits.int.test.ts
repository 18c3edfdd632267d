import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '@/test/support/eventually';
import { addProvider } from '@/test/support/relay-rows';
import { type RelayWorld, relayWorld } from '@/test/support/relay-world';
import { sluiceLines } from '@/test/support/sluice-line';

const sluiceLine = sluiceLines();

const secret = randomBytes(32).toString('hex');
let world: RelayWorld;
beforeAll(async () => {
  // Images are simulated, as in a first npm start; where a relay leads is not.
  const keys = Object.fromEntries(['OLD', 'NEW'].map((name) => [`ACME_${name}_API_KEY`, 'of-the-start']));
  world = await relayWorld({ SLUICE_SECRET_KEY: secret, ...keys });
  await world.share({ old: 0.5, new: 0.5 });
});
afterAll(() => world.close());

interface Said {
  readonly status: number;
  readonly arm: string | null;
  readonly url: string;
  readonly key: string;
}

/** Callers that go on, one request after the other, whatever is edited meanwhile. */
function callers(count: number) {
  const said: Said[] = [];
  const end = new AbortController();
  const one = async () => {
    while (!end.signal.aborted) {
      const answer = await fetch(`${world.plane.url}/acme/v1/things`, { method: 'POST', body: 'x'.repeat(2000) });
      const { url = '', headers = {} } = (await answer.json()) as { url?: string; headers?: Record<string, string> };
      said.push({
        status: answer.status,
        arm: answer.headers.get('x-sluice-arm'),
        url,
        key: headers.authorization ?? '',
      });
    }
  };
  const going = Promise.all(Array.from({ length: count }, one));
  return {
    said,
    /** Until an answer of this arm is so that came after what was done last. */
    async seen(arm: string, isSo: (said: Said) => boolean) {
      const from = said.length;
      const last = () =>
        said
          .slice(from)
          .filter((each) => each.arm === arm)
          .at(-1);
      const hasSeen = () => said.slice(from).some((each) => each.arm === arm && isSo(each));
      await eventually(last, hasSeen, 10_000, 5);
    },
    async stop() {
      end.abort();
      await going;
      return said;
    },
  };
}

it('providers are edited, re-keyed, taken away and added again under load, and no request fails', async () => {
  const { sql, old, fresh } = world;
  const load = callers(8);
  const { plane } = world;
  const key = async (provider: string, stdin: string) => {
    const options = { databaseUrl: world.database.url, stdin, env: { SLUICE_SECRET_KEY: secret } };
    const { code, stderr } = await sluiceLine(['keys', 'set', provider], options);
    expect(code, stderr).toBe(0);
  };
  const arm = (provider: string) =>
    sql`update sluice.arms set provider = ${provider} where split = 'ACME_WEIGHTS' and name = 'new'`;
  const prefixed = (path_prefix: string | undefined) =>
    sql`update sluice.providers set options = ${JSON.stringify({ dialect: 'generic', private: true, path_prefix })}::text::jsonb where name = 'acme-new'`;
  await key('fal', 'a-key-of-a-real-account-0123456789');
  for (let round = 1; round <= 3; round += 1) {
    await prefixed(`/v${round}`);
    await load.seen('new', ({ url }) => url === `/v${round}/v1/things`);
    await sql`update sluice.providers set base_url = ${round % 2 ? old.url : fresh.url} where name = 'acme-new'`;
    await key('acme-new', `key-number-${round}-of-acme`);
    await load.seen('new', ({ key: sent }) => sent === `Bearer key-number-${round}-of-acme`);
    // An arm that serves leads where it leads: it is emptied first.
    await world.share({ old: 1, new: 0 });
    await addProvider(sql, 'acme-third', fresh.url, {});
    await arm('acme-third');
    await sql`delete from sluice.providers where name = 'acme-new'`;
    await addProvider(sql, 'acme-new', fresh.url, {});
    await arm('acme-new');
    await sql`delete from sluice.providers where name = 'acme-third'`;
    await world.share({ old: 0.5, new: 0.5 });
    await load.seen('new', ({ url, key: sent }) => url === '/v1/things' && sent === 'Bearer of-the-start');
  }
  const said = await load.stop();
  expect(said.filter(({ status }) => status !== 200)).toEqual([]);
  expect(said.length).toBeGreaterThan(100);
  // A simulated provider is never sent a stored key.
  expect((await plane.post('/api/generate', { prompt: 'a lighthouse' })).status).toBe(200);
});
