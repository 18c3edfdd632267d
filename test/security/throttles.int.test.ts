import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database';

const adminToken = 'admin-token-of-the-throttles-0123456789';
const apiKey = 'api-key-of-the-throttles-0123456789abc';
const cronSecret = 'cron-secret-of-the-throttles-0123456789';

let database: TestDatabase;
let folder: string;
let front: Awaited<ReturnType<typeof import('../support/app-front')['startAppFront']>>;

beforeAll(async () => {
  database = await testDatabase();
  folder = mkdtempSync(join(tmpdir(), 'sluice-throttle-'));
  const env = {
    DATABASE_URL: database.url,
    SLUICE_DATA_DIR: folder,
    SLUICE_ADMIN_TOKEN: adminToken,
    CRON_SECRET: cronSecret,
    SLUICE_RATE_SIGN_IN: '5',
    SLUICE_RATE_CRON: '4',
    SLUICE_API_KEYS: apiKey,
    SLUICE_RATE_EVENTS: '3',
    SLUICE_RATE_GENERATE: '5',
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

  it('let strangers silence neither the scheduler nor the admin nor sign-in', async () => {
    const anonymous = await statuses(62, 'POST', '/api/cron/watchdog', {}, {});
    expect(new Set(anonymous.seen)).toEqual(new Set([401]));
    const wrong = await statuses(20, 'POST', '/api/cron/watchdog', { authorization: 'Bearer wrong-secret' }, {});
    expect(wrong.seen.slice(-2)).toEqual([429, 429]);
    const bearers = await statuses(20, 'GET', '/api/rollout', { authorization: 'Bearer wrong-token' });
    expect(bearers.seen.slice(-2)).toEqual([429, 429]);
    await statuses(20, 'POST', '/api/session', {}, { token: 'a-guess-at-it' });

    const scheduler = await statuses(2, 'POST', '/api/cron/watchdog', { authorization: `Bearer ${cronSecret}` }, {});
    expect(scheduler.seen).toEqual([200, 200]);
    const admin = await statuses(20, 'GET', '/api/rollout', { authorization: `Bearer ${adminToken}` });
    expect(new Set(admin.seen)).toEqual(new Set([200]));
    const signIn = await statuses(20, 'POST', '/api/session', {}, { token: adminToken });
    expect(new Set(signIn.seen)).toEqual(new Set([200]));
  });

  it('hold the scheduler itself to its own rate', async () => {
    const { seen } = await statuses(6, 'POST', '/api/cron/watchdog', { authorization: `Bearer ${cronSecret}` }, {});
    expect(seen.slice(-2)).toEqual([429, 429]);
  });

  it('hold for events by caller', async () => {
    const events = await statuses(5, 'POST', '/api/events', { authorization: `Bearer ${apiKey}` }, { events: [] });
    expect(events.seen.slice(-2)).toEqual([429, 429]);
  });

  it('slow down a wrong key of the data plane too, and never the right one behind it', async () => {
    const wrong = await statuses(7, 'POST', '/api/generate', { 'x-api-key': 'nobody-has-this-key' }, {});
    expect(wrong.seen).toEqual([401, 401, 401, 401, 401, 429, 429]);
    // However the key is sent, and whatever stands beside it, it is one caller's minute.
    const spelled: Record<string, string>[] = [
      { authorization: `Bearer ${apiKey}` },
      { authorization: `bearer   ${apiKey}` },
      { 'x-api-key': apiKey },
      { authorization: 'Bearer junk', 'x-api-key': apiKey },
    ];
    const seen: number[] = [];
    for (const headers of [...spelled, ...spelled])
      seen.push(...(await statuses(1, 'POST', '/api/generate', headers, {})).seen);
    expect(seen).toEqual([422, 422, 422, 422, 422, 429, 429, 429]);
  });
});
