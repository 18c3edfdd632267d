import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database';

const sentinels = {
  FAL_KEY: 'sentinel-fal-id:sentinel-fal-4f1c',
  RUNWARE_API_KEY: 'sentinel-runware-8d2e',
  CRON_SECRET: 'sentinel-cron-77aa',
  SLUICE_ADMIN_TOKEN: 'sentinel-admin-19bc',
  SLUICE_API_KEYS: 'sentinel-apikey-5e5e',
  SLUICE_EVENT_KEYS: 'sentinel-eventkey-31ab',
  SLUICE_BACKFILL_KEYS: 'sentinel-backfillkey-66cd',
  SUPABASE_PUBLISHABLE_KEY: 'sentinel-supabase-0c0c',
  SLUICE_SECRET_KEY: '5e471e1c0ffee5ea1ed0123456789abcdef0fedcba98765432100f1e2d3c4b5a',
  KLING_API_KEY: 'sentinel-kling-key-2b2b',
};
/** Given over the API, where it is stored sealed. */
const storedKey = 'sentinel-stored-key-of-fal-9d9d';

let database: TestDatabase;
let folder: string;
let logs = '';
let responses = '';
let files = '';

beforeAll(async () => {
  database = await testDatabase();
  folder = mkdtempSync(join(tmpdir(), 'sluice-sentinel-'));
  const own = new URL(database.url);
  const env = {
    PATH: process.env.PATH ?? '',
    NODE_ENV: 'test' as const,
    DATABASE_URL: own.toString(),
    SLUICE_DATA_DIR: folder,
    SUPABASE_URL: 'http://127.0.0.1:9',
    FAL_BASE_URL: 'http://127.0.0.1:9',
    RUNWARE_BASE_URL: 'http://127.0.0.1:9',
    LOG_LEVEL: 'trace',
    ...sentinels,
  };
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/support/app-front-process.ts'], {
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (part) => {
      logs += part;
    });
  }
  const url = await new Promise<string>((done, fail) => {
    child.stdout.on('data', () => {
      const found = /LISTENING (\S+)/.exec(logs)?.[1];
      if (found) done(found);
    });
    child.once('exit', () => fail(new Error(`the front ended: ${logs.slice(-2000)}`)));
  });
  await exercise(url);
  const ended = new Promise((done) => child.once('exit', done));
  child.stdin.end();
  await ended;
  files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Everything that might make it talk: good calls, wrong ones, providers and Supabase that are away. */
async function exercise(url: string): Promise<void> {
  const admin = { authorization: `Bearer ${sentinels.SLUICE_ADMIN_TOKEN}` };
  const key = { authorization: `Bearer ${sentinels.SLUICE_API_KEYS}` };
  const cron = { authorization: `Bearer ${sentinels.CRON_SECRET}` };
  const calls: [string, string, Record<string, string>, unknown?][] = [
    ['POST', '/api/generate', key, { prompt: 'a lighthouse' }],
    ['POST', '/api/generate', { authorization: `Bearer ${sentinels.SLUICE_API_KEYS}x` }, { prompt: 'x' }],
    ['POST', '/v1/images/generations', key, { prompt: 'a lighthouse' }],
    ['GET', '/api/health', {}],
    ['GET', '/metrics', key],
    ['GET', '/api/rollout', admin],
    ['GET', '/api/rollout', { authorization: `Bearer ${sentinels.SLUICE_ADMIN_TOKEN}x` }],
    ['POST', '/api/providers/fal/keys', admin, { key: storedKey }],
    ['POST', '/api/providers/fal/keys', admin, { key: `${storedKey} with a blank` }],
    ['POST', '/api/providers/nobody/keys', admin, { key: storedKey }],
    ['POST', '/api/providers/fal/keys', key, { key: storedKey }],
    ['GET', '/api/providers/fal/keys', admin],
    ['POST', '/api/generate', key, { prompt: 'by the stored key' }],
    ['GET', '/api/journal', admin],
    ['GET', '/api/openapi.json', {}],
    ['POST', '/api/session', {}, { token: sentinels.SLUICE_ADMIN_TOKEN }],
    ['POST', '/api/session', {}, { token: `${sentinels.SLUICE_ADMIN_TOKEN}x` }],
    ['POST', '/api/session', {}, { email: 'a@example.com', password: 'hunter22' }],
    ['GET', `/api/cron/watchdog?secret=${sentinels.CRON_SECRET}`, {}],
    ['POST', '/api/cron/watchdog', cron, {}],
    ['POST', '/api/rollout/rollback', admin, { reason: 'to see what is said' }],
  ];
  for (const [method, path, headers, body] of calls) {
    const answer = await fetch(url + path, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    // The caller's own query is not our leak; what we answer and log is.
    responses += `${[...answer.headers].join('\n')}\n${await answer.text()}\n`;
  }
}

const words = [
  ...Object.values(sentinels),
  'sentinel-fal-4f1c',
  storedKey,
  Buffer.from(sentinels.SLUICE_SECRET_KEY, 'hex').toString('base64').slice(0, 40),
];
const leaked = (text: string) => words.filter((word) => text.includes(word));

describe('secrets planted in the environment', () => {
  it('were really in use', () => {
    expect(responses).toContain('"role":"admin"');
    expect(logs).toContain('"msg":"starting"');
    expect(responses).toContain('"source":{"kind":"stored","version":1}');
    expect(files).toContain('"sealed":"v1.');
  });

  it('appear in no response', () => {
    expect(leaked(responses)).toEqual([]);
  });

  it('appear in no log line', () => {
    expect(leaked(logs)).toEqual([]);
    expect(logs).not.toContain('hunter22');
    const password = new URL(database.url).password;
    if (password !== '') expect(logs).not.toContain(password);
  });

  it('appear in no table: what is stored of a key is sealed, or its digest', async () => {
    const tables = await database.sql<{ text: string }[]>`
      select coalesce(jsonb_agg(to_jsonb(t))::text, '') as text from (
        select to_jsonb(k) as row from sluice.provider_keys k union all select to_jsonb(j) from sluice.journal j
        union all select to_jsonb(a) from analytics_logs a union all select to_jsonb(s) from sluice.sessions s) t`;
    expect(tables[0]?.text).toContain('key_add');
    expect(leaked(tables[0]?.text ?? '')).toEqual([]);
  });

  it('appear in no file of the data folder', () => {
    expect(leaked(files)).toEqual([]);
  });

  it('appear in no bundle, and nothing for the browser reads the environment', () => {
    const built = existsSync('.next/static')
      ? readdirSync('.next/static', { recursive: true, withFileTypes: true })
      : [];
    for (const entry of built.filter((one) => one.isFile())) {
      expect(leaked(readFileSync(join(entry.parentPath, entry.name), 'utf8'))).toEqual([]);
    }
    const reading = readdirSync('app', { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => /^['"]use client['"]/m.test(readFileSync(file, 'utf8')))
      .filter((file) => readFileSync(file, 'utf8').includes('process.env'));
    expect(reading).toEqual([]);
  });
});
