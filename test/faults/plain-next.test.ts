import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readDatabaseFacts } from '@/lib/doctor/diagnosis-store';
import { checkFronts } from '@/lib/doctor/relays/fronts';
import { freePort } from '@/lib/postgres/embedded/free-port';
import { addSplit } from '../gateway/splits/add-split';
import { type TestDatabase, testDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { addProvider } from '../support/relay-rows';
import { runSluice } from '../support/run-sluice';

// Next alone, as a serverless host runs it: relays are streamed by the front, and here is none.
let database: TestDatabase;
let folder: string;
let next: ChildProcess;
let url: string;

beforeAll(async () => {
  database = await testDatabase();
  const { sql } = database;
  for (const [slug, dialect] of [
    ['acme', 'generic'],
    ['kling', 'kling'],
  ] as const) {
    await addProvider(sql, `${slug}-old`, 'http://127.0.0.1:9', { dialect });
    await addProvider(sql, `${slug}-new`, 'http://127.0.0.1:9', { dialect });
    await addSplit(sql, {
      ...{ key: `${slug.toUpperCase()}_WEIGHTS`, slug, kind: 'relay', prefixes: [`/${slug}`] },
      arms: { old: [`${slug}-old`, null], new: [`${slug}-new`, null] },
      ...{ weights: { old: 1, new: 0 }, hasJobs: dialect === 'kling' },
    });
  }
  folder = mkdtempSync(join(tmpdir(), 'sluice-next-'));
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  next = spawn(process.execPath, [resolve('node_modules/next/dist/bin/next'), 'start', '-p', String(port)], {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', DATABASE_URL: database.url, SLUICE_DATA_DIR: folder },
    stdio: 'ignore',
  });
  // Nothing that starts our own part of the process: a relay may be the first that is asked for.
  const isUp = () => fetch(`${url}/icon.svg`).catch(() => null);
  await eventually(isUp, (answer) => answer !== null, 60_000);
});
afterAll(async () => {
  next.kill('SIGKILL');
  await new Promise((gone) => next.once('close', gone));
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

const ask = async (path: string, init: RequestInit = {}) => {
  const answer = await fetch(url + path, init);
  const { status, headers } = answer;
  return { status, type: headers.get('content-type')?.split(';')[0], headers, text: await answer.text() };
};
const json = { 'content-type': 'application/json' };
const sentence = /relay 'acme', and nothing was sent to a provider: this process is plain Next .* npm start/;

it('says of a relay, from the first request on and in the words of its dialect, that it is not served here', async () => {
  const order = await ask('/acme/v1/things?a=1', { method: 'POST', headers: json, body: '{"name":"a lighthouse"}' });
  expect([order.status, order.type]).toEqual([501, 'application/problem+json']);
  expect(JSON.parse(order.text)).toMatchObject({
    code: 'relay-needs-front',
    detail: expect.stringMatching(sentence),
  });
  expect(Object.fromEntries(order.headers)).toMatchObject({
    ...{ 'x-sluice-split': 'acme', 'x-sluice-fault': 'prefix', 'x-should-retry': 'false' },
    'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
  });
  const poll = await ask('/kling/v1/videos/text2video/t-1');
  expect([poll.status, JSON.parse(poll.text)]).toMatchObject([
    501,
    { code: expect.any(Number), message: expect.stringContaining("relay 'kling'"), request_id: expect.any(String) },
  ]);
  for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS'])
    expect(await ask('/acme', { method })).toMatchObject({ status: 501 });
  expect(await ask('/acme/x', { method: 'HEAD' })).toMatchObject({ status: 501, text: '' });
  const form = new FormData();
  form.set('name', 'a form');
  expect(await ask('/acme/v1/forms', { method: 'POST', body: form })).toMatchObject({ status: 501 });
});

it('leaves everything else as it was', async () => {
  const nothing = await ask('/nothing/here', { method: 'POST', headers: json, body: '{}' });
  expect([nothing.status, JSON.parse(nothing.text)]).toMatchObject([404, { code: 'not-found' }]);
  for (const path of ['/nothing/here', '/acme/v1/things']) {
    const page = await ask(path, { headers: { accept: 'text/html,application/xhtml+xml' } });
    expect([page.status, page.type, page.text]).toEqual([404, 'text/html', expect.stringContaining('<h1')]);
  }
  expect(await ask('/api/health/live')).toMatchObject({ status: 200 });
  expect(await ask('/icon.svg')).toMatchObject({ status: 200, type: 'image/svg+xml' });
  expect(await ask('/sign-in')).toMatchObject({ status: 200, type: 'text/html' });
});

it('is found by the doctor and by relay check, until a front runs as well', async () => {
  const options = { env: { DATABASE_URL: database.url, SLUICE_DATA_DIR: folder } };
  const told = /^the relays acme, kling cannot be reached: 1 web process on \S+ runs without the front/;
  const said = async () => {
    const { rollout } = await readDatabaseFacts(database.sql, 'GEN_PROVIDER_WEIGHTS');
    const relays = rollout?.splits.filter(({ isRelay }) => isRelay).map(({ slug }) => slug) ?? [];
    return checkFronts(relays, rollout?.instances ?? []);
  };
  await expect
    .poll(said, { timeout: 15_000 })
    .toMatchObject([{ status: 'problem', what: expect.stringMatching(told) }]);
  const { code, stdout } = await runSluice(['relay', 'check', 'acme'], options);
  expect([code, stdout]).toEqual([1, expect.stringMatching(/FAIL {3}the relays acme, kling .* → .*npm start/)]);
  await database.sql`insert into sluice.instances (id, kind, host, pid, build, started_at, serves_relays)
    values ('another', 'web', 'elsewhere', 1, 'x', now(), null)`;
  expect(await said()).toMatchObject([{ status: 'warning' }]);
  await database.sql`update sluice.instances set serves_relays = true where id = 'another'`;
  expect(await said()).toMatchObject([{ status: 'warning' }]);
  await database.sql`delete from sluice.instances where not serves_relays`;
  expect(await said()).toMatchObject([{ status: 'ok' }]);
  await database.sql`update sluice.splits set archived_at = now() where kind = 'relay'`;
  expect(await said()).toEqual([]);
});
