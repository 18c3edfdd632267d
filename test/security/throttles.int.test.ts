import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database';

let database: TestDatabase;
let folder: string;
let front: Awaited<ReturnType<typeof import('../support/app-front')['startAppFront']>>;

beforeAll(async () => {
  database = await testDatabase();
  folder = mkdtempSync(join(tmpdir(), 'sluice-throttle-'));
  const env = {
    DATABASE_URL: database.url,
    SLUICE_DATA_DIR: folder,
    SLUICE_ADMIN_TOKEN: 'admin-token-of-the-throttles',
    CRON_SECRET: 'cron-secret-of-the-throttles',
    SLUICE_RATE_SIGN_IN: '5',
    SLUICE_RATE_CRON: '4',
    SLUICE_RATE_EVENTS: '3',
    LOG_LEVEL: 'silent',
  };
  for (const [key, value] of Object.entries(env)) vi.stubEnv(key, value);
  front = await (await import('../support/app-front')).startAppFront();
});
afterAll(async () => {
  await front.close();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

async function statuses(times: number, method: string, path: string, headers: Record<string, string>, body?: unknown) {
  const seen: number[] = [];
  let retryAfter: string | null = null;
  for (let n = 0; n < times; n += 1) {
    const answer = await fetch(front.url + path, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    seen.push(answer.status);
    if (answer.status === 429) retryAfter = answer.headers.get('retry-after');
    await answer.arrayBuffer();
  }
  return { seen, retryAfter };
}

describe('throttles', () => {
  it('slow down guessing at sign-in, and a forged X-Forwarded-For buys nothing', async () => {
    const { seen, retryAfter } = await statuses(6, 'POST', '/api/session', {}, { token: 'a-guess-at-it' });
    expect(seen).toEqual([401, 401, 401, 401, 401, 429]);
    expect(Number(retryAfter)).toBeGreaterThan(0);
    const forged = await statuses(
      2,
      'POST',
      '/api/session',
      { 'x-forwarded-for': '6.6.6.6' },
      { token: 'a-guess-at-it' },
    );
    expect(forged.seen).toEqual([429, 429]);
  });

  it('hold for the cron, whether the secret is right or not', async () => {
    const { seen } = await statuses(6, 'POST', '/api/cron/watchdog', { authorization: 'Bearer wrong-secret' }, {});
    expect(seen.slice(-2)).toEqual([429, 429]);
  });

  it('hold for events when configured, and not for generate unless it is', async () => {
    const events = await statuses(5, 'POST', '/api/events', {}, { events: [] });
    expect(events.seen.slice(-2)).toEqual([429, 429]);
    const generate = await statuses(30, 'POST', '/api/generate', {}, {});
    expect(new Set(generate.seen)).toEqual(new Set([422]));
  });
});
