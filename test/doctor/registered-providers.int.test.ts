import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { diagnose } from '@/lib/process/doctor/diagnose';
import { type TestDatabase, testDatabase } from '../support/database';
import { sluiceLines } from '../support/sluice-line';

const sluiceLine = sluiceLines();

const secret = randomBytes(32).toString('hex');
const goodKey = 'good-key-of-acme';
const server = createServer((request, response) => {
  const isGood = request.headers.authorization === `Bearer ${goodKey}`;
  response.writeHead(isGood ? 200 : 401, { 'content-type': 'application/json' });
  response.end(isGood ? '{"data":[]}' : '{"error":{"code":"invalid_api_key","message":"Incorrect API key provided."}}');
});
let database: TestDatabase;
let origin: string;

beforeAll(async () => {
  database = await testDatabase();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const at = ['--adapter', 'openai', '--base-url', origin, '--options', '{"private":true}', '--yes'];
  for (const name of ['acme', 'later', 'asleep']) await sluice(['providers', 'add', name, ...at]);
  await sluice(['keys', 'set', 'acme'], goodKey);
  await sluice(['keys', 'set', 'asleep'], goodKey);
  await sluice(['providers', 'set', 'asleep', '--state', 'off', '--yes']);
});
afterAll(async () => {
  server.close();
  await database.close();
});

async function sluice(args: readonly string[], stdin = ''): Promise<void> {
  const { code, stderr } = await sluiceLine(args, {
    databaseUrl: database.url,
    stdin,
    env: { SLUICE_SECRET_KEY: secret },
  });
  expect(code, stderr).toBe(0);
}

async function lineOf(name: string, env: Record<string, string> = {}) {
  const source = { PORT: '0', SLUICE_SECRET_KEY: secret, ...env };
  const { findings } = await diagnose(source, { root: process.cwd(), databaseUrl: database.url });
  return findings.find(({ check }) => check === `provider ${name}`);
}

it('asks each registered provider that has a key, whether it ships or not', async () => {
  expect(await lineOf('acme')).toMatchObject({ status: 'ok', what: 'acme takes the key' });
  expect(await lineOf('later', { LATER_API_KEY: 'wrong-key-of-later' })).toMatchObject({
    status: 'problem',
    what: expect.stringContaining('Incorrect API key provided'),
    fix: expect.stringContaining('make a new key'),
  });
  expect(await lineOf('later', { LATER_API_KEY: goodKey })).toMatchObject({ status: 'ok' });
});

it('asks nobody that has no key, or is off', async () => {
  expect(await lineOf('later')).toBeUndefined();
  expect(await lineOf('asleep')).toBeUndefined();
  expect(await lineOf('fal')).toBeDefined();
});
