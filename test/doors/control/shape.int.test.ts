import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RelaySandbox, startRelaySandbox } from '@/scripts/sandbox/relays';
import { type TestDatabase, testDatabase } from '@/test/support/database';
import { eventually } from '@/test/support/eventually';

const adminToken = 'admin-token-of-shapes-0123456789abcdef';
let database: TestDatabase;
let sandbox: RelaySandbox;
let front: Awaited<ReturnType<typeof import('@/test/support/app-front')['startAppFront']>>;
let folder: string;

beforeAll(async () => {
  [database, sandbox] = await Promise.all([testDatabase(), startRelaySandbox()]);
  folder = mkdtempSync(join(tmpdir(), 'sluice-shape-'));
  const env = {
    ...{ DATABASE_URL: database.url, SLUICE_DATA_DIR: folder, SLUICE_ADMIN_TOKEN: adminToken, LOG_LEVEL: 'silent' },
    ...{ GATHERED_API_KEY: sandbox.aggregator.key, KLING_DIRECT_API_KEY: sandbox.kling.key },
  };
  for (const [key, value] of Object.entries(env)) vi.stubEnv(key, value);
  front = await (await import('@/test/support/app-front')).startAppFront();
});
afterAll(async () => {
  await front.close();
  await sandbox.close();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

async function call(method: string, path: string, body: unknown = {}) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${adminToken}` };
  const answer = await fetch(front.url + path, { method, headers, body: JSON.stringify(body) });
  return { status: answer.status, json: await answer.json() };
}

describe('POST /api/splits/{slug}/shape', () => {
  it('says where the arms of a relay part, by the keys that requests go with, and makes nothing', async () => {
    const relay = (base_url: string, options: object) => ({
      ...{ adapter: 'relay', base_url, options: { dialect: 'kling', private: true, ...options } },
    });
    await call('PUT', '/api/providers/gathered', relay(sandbox.aggregator.url, { path_prefix: '/kling' }));
    await call('PUT', '/api/providers/kling-direct', relay(sandbox.kling.url, { auth: { scheme: 'kling-jwt' } }));
    const arms = [
      { name: 'old', provider: 'gathered' },
      { name: 'new', provider: 'kling-direct' },
    ];
    const split = {
      slug: 'kling',
      kind: 'relay',
      baseline: 'old',
      candidates: ['new'],
      arms,
      match: { prefixes: ['/kling'] },
    };
    expect(await call('POST', '/api/splits', split)).toMatchObject({ status: 201 });
    const compare = () => call('POST', '/api/splits/kling/shape');
    await eventually(compare, ({ status, json }) => status === 200 && json.troubles.length === 0, 10_000);
    const { json } = await compare();
    expect(json).toMatchObject({ split: 'kling', dialect: 'kling', baseline: 'old', troubles: [] });
    expect(json.asked).toHaveLength(2);
    expect(json.differences.join('\n')).toMatch(
      /old answers \{code:"task_not_exist".*\}, new \{code:\d+.*\}: callers will see it/,
    );
    expect([sandbox.aggregator.counters().inference ?? 0, sandbox.kling.counters().inference ?? 0]).toEqual([0, 0]);
  });

  it('is for relays alone', async () => {
    expect(await call('POST', '/api/splits/gen/shape')).toMatchObject({
      ...{
        status: 409,
        json: { code: 'no-relay', detail: expect.stringContaining("The arms of 'gen' were not compared") },
      },
    });
  });
});
