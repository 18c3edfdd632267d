import { afterAll, beforeAll, expect, it } from 'vitest';
import { JobCounts } from '@/lib/jobs/job-counts';
import { diagnose } from '@/lib/process/doctor/diagnose';
import { recorder } from '@/lib/process/metrics/hot-path';
import { metricsPage } from '@/lib/process/metrics/registry';
import { type RelaySandbox, startRelaySandbox } from '@/scripts/sandbox/relays';
import { addSplit } from '../gateway/splits/add-split';
import { type TestDataPlane, testDataPlane } from '../support/data-plane';
import { type TestDatabase, testDatabase } from '../support/database';
import { addProvider, PlayedVendor } from '../support/relay-world';

let database: TestDatabase;
let sandbox: RelaySandbox;
let vendor: PlayedVendor;
let plane: TestDataPlane;
let env: Record<string, string>;

beforeAll(async () => {
  [database, sandbox, vendor] = await Promise.all([testDatabase(), startRelaySandbox(), PlayedVendor.start()]);
  const { runway, jimeng } = sandbox;
  // Good keys that the vendors take back: what becomes of them is heard without a request of anybody.
  env = {
    ...{ DATABASE_URL: database.url, RUNWAY_DIRECT_API_KEY: runway.key, JIMENG_DIRECT_API_KEY: jimeng.key },
    ...{
      ACME_API_KEY: 'a-key-of-acme',
      FILMS_API_KEY: 'a-key-of-films',
      SLUICE_API_KEYS: 'key-of-one-0123456789abcdefghij',
    },
  };
  for (const name of ['runway', 'jimeng'] as const) sandbox[name].control({ latencyMs: 0, unauthorized: true });
  const { sql } = database;
  await addProvider(sql, 'runway-direct', runway.url, { dialect: 'runway' });
  await addProvider(sql, 'jimeng-direct', jimeng.url, { dialect: 'jimeng', auth: { scheme: 'volc-signature' } });
  await addProvider(sql, 'acme', vendor.url, {});
  const films = {
    creates: [{ method: 'POST', path: '/films', id: ['/id'], follow: { method: 'GET', path: '/films/{id}' } }],
    reading: { task: [''], id: ['/id'], state: ['/status'], words: { done: 'completed' } },
    free: [{ method: 'GET', path: '/status/401' }],
  };
  await sql`insert into sluice.dialects (name, rules) values ('films', ${JSON.stringify(films)}::text::jsonb)`;
  await addProvider(sql, 'films', vendor.url, { dialect: 'films' });
  for (const [slug, provider] of [
    ['runway', 'runway-direct'],
    ['jimeng', 'jimeng-direct'],
    ['acme', 'acme'],
    ['films', 'films'],
  ] as const) {
    const arms = { old: [provider, null], new: [provider, null] } as const;
    const split = { key: `${slug.toUpperCase()}_WEIGHTS`, slug, kind: 'relay', prefixes: [`/${slug}`], arms } as const;
    await addSplit(sql, { ...split, policy: slug === 'acme', weights: slug === 'acme' ? { old: 1, new: 0 } : null });
  }
  plane = await testDataPlane({ env });
});
afterAll(async () => {
  await plane.close();
  await Promise.all([sandbox.close(), vendor.close()]);
  await database.close();
});

const splits = async () => (await (await fetch(`${plane.url}/api/health`)).json()).splits;
const create = () => {
  const headers = { authorization: `Bearer ${env.SLUICE_API_KEYS}`, 'content-type': 'application/json' };
  return fetch(`${plane.url}/acme/v1/things`, { method: 'POST', headers, body: '{"name":"a lock gate"}' });
};
const red = (provider: string) => {
  const why = `${provider}: it refuses our key`;
  return { unwell: { old: why, new: why } };
};

it('a key that is refused is red in the splits within 30 s, before any request, and green again by itself', async () => {
  await expect.poll(splits, { timeout: 30_000 }).toMatchObject({
    runway: red('runway-direct'),
    jimeng: red('jimeng-direct'),
    films: red('films'),
  });
  const kinds = async () => database.sql`select key from sluice.alerts where kind = 'provider_key_dead' order by key`;
  await expect
    .poll(kinds, { timeout: 15_000 })
    .toEqual([{ key: 'films' }, { key: 'jimeng-direct' }, { key: 'runway-direct' }]);
  const { findings } = await diagnose({ ...env, PORT: '0' }, { root: process.cwd(), databaseUrl: database.url });
  const of = (check: string) => findings.filter((each) => each.check === check);
  expect(of('relay runway-direct')).toMatchObject([
    { status: 'problem', what: expect.stringContaining('GET /v1/organization was answered 401: the key is refused') },
  ]);
  expect(of('relay acme')).toMatchObject([{ status: 'ok', what: expect.stringContaining('the next request tells') }]);
  expect(of('open files')).toHaveLength(1);
  expect(findings.find(({ what }) => /has no key/.test(what) && /acme|direct/.test(what))).toBeUndefined();
  for (const name of ['runway', 'jimeng'] as const) sandbox[name].control({ unauthorized: false });
  await expect.poll(async () => (await splits()).runway.unwell, { timeout: 30_000 }).toBeUndefined();
}, 90_000);

it('where no question is free, the first request that is refused turns it red; bytes are counted by arm', async () => {
  expect((await splits()).acme).not.toHaveProperty('unwell');
  // Relays that nobody weighs there are no trouble of the first split's.
  expect((await splits()).gen).not.toHaveProperty('arms');
  await expect.poll(async () => (await create()).status, { timeout: 10_000 }).toBe(200);
  const { render } = metricsPage(recorder(), 'test');
  const page = await render({ ...blank, jobCounts: new JobCounts() });
  expect(page).toContain('sluice_relay_bytes_total{split="acme",arm="old",direction="in"} 22');
  expect(page).toMatch(/sluice_relay_bytes_total\{split="acme",arm="old",direction="out"\} [1-9]\d+/);
  vendor.serve = (_, response) => void response.writeHead(401).end('{}');
  const refused = await create();
  expect([refused.status, (await refused.json()).code]).toEqual([502, 'provider-auth']);
  expect((await splits()).acme).toMatchObject(red('acme'));
});

const blank = {
  ...{ weights: {}, weightsVersion: null, weightsAgeSeconds: null, routed: [], spoolDepth: 0, breakers: {} },
  ...{ providersOk: {}, connections: {}, connectionsLimit: {}, callersWaiting: {}, rollout: null },
};
