import { createConfig, lintFromString } from '@redocly/openapi-core';
import createClient from 'openapi-fetch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorld, type World } from '../../inputs/world';
import { adminToken } from '../../support/api';
import { startAppFront } from '../../support/app-front';
import type { paths } from './described-types';
import { typesOf } from './openapi-types';

let world: World;
let front: Awaited<ReturnType<typeof startAppFront>>;
beforeAll(async () => {
  world = await openWorld();
  front = await startAppFront();
});
afterAll(async () => {
  front.server.closeAllConnections();
  await new Promise((done) => front.server.close(done));
  await world.close();
});

const described = async () => (await (await fetch(`${front.url}/api/openapi.json`)).json()) as object;

describe('the description that a running server gives of itself', () => {
  it('has no error in the eyes of redocly', async () => {
    const config = await createConfig({ extends: ['recommended'] });
    const problems = await lintFromString({ source: JSON.stringify(await described()), config });
    const errors = problems.filter(({ severity }) => severity === 'error');
    expect(errors.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual([]);
  });

  // After a change of a route that is meant: npx vitest -u with this file.
  it('makes the types that the calls below are checked by', async () => {
    await expect(await typesOf(await described())).toMatchFileSnapshot('described-types.ts');
  });
});

describe('a client that was made of it', () => {
  const client = () => createClient<paths>({ baseUrl: front.url, headers: { authorization: `Bearer ${adminToken}` } });

  it('makes an image, reports an event, and is told what is wrong', async () => {
    const made = await client().POST('/api/generate', { body: { prompt: 'a lighthouse', n: 2 } });
    const image: { url: string; width: number | null } | undefined = made.data?.images[0];
    expect(image?.url).toMatch(/^http/);
    const event = { event_type: 'shop_order', event_data: { latency_ms: 12 } };
    const taken = await client().POST('/api/events', { body: { events: [event] } });
    const accepted: number | undefined = taken.data?.accepted;
    expect([taken.response.status, accepted]).toEqual([202, 1]);
    const some = await client().POST('/api/events', { body: [event, { event_type: 'no event' }] });
    expect([some.response.status, some.data?.rejected]).toEqual([207, 1]);
    const voucher = await client().POST('/api/vouchers', { body: { request_id: `${made.data?.request_id}` } });
    expect([voucher.response.status, voucher.data?.issued]).toEqual([201, true]);
    const refused = await client().POST('/api/generate', { body: { prompt: '' } });
    const code: string | undefined = refused.error?.code;
    expect(code).toBe('request-invalid');
    const openai = await client().POST('/v1/images/generations', { body: { prompt: 'x', size: 'huge' } });
    const type: string | undefined = openai.error?.error.type;
    expect(type).toBe('invalid_request_error');
    // @ts-expect-error a prompt is text
    expect((await client().POST('/api/generate', { body: { prompt: 7 } })).response.status).toBe(422);
  });

  it('reads the rollout and writes it', async () => {
    const { data } = await client().GET('/api/rollout');
    const version: number = data?.version ?? -1;
    const lines: readonly (string | undefined)[] = data?.red_lines.map(({ metric }) => metric) ?? [];
    expect(lines).toContain('p95_latency_ms');
    const header = { 'If-Match': `"${version}"` };
    const weights = { fal: 0.9, runware: 0.1 };
    const body = { weights, reason: 'a first start', override: true };
    const written = await client().PUT('/api/rollout/weights', { params: { header }, body });
    expect([written.response.status, (written.data?.version ?? 0) > version]).toEqual([200, true]);
    const stale = await client().POST('/api/rollout/pause', { params: { header }, body: {} });
    expect([stale.response.status, stale.error?.code, stale.error?.weights]).toEqual([412, 'stale-version', weights]);
    const journal = await client().GET('/api/journal', { params: { query: { limit: '1' } } });
    expect(typeof journal.data === 'object' && journal.data.entries[0]?.reason).toBe('a first start');
    const entry = await client().GET('/api/journal/{id}', { params: { path: { id: 999_999 } } });
    expect(entry.error?.code).toBe('no-such-entry');
    const policy = await client().GET('/api/policy');
    const replayed = await client().POST('/api/replay', { body: { policy: { minRequests: 1 }, window: '1h' } });
    expect([policy.data?.policy.evidence, replayed.data?.rollback_at]).toEqual(['confirmed', null]);
  });

  it('signs in, adds an operator and asks for a tick', async () => {
    const signedIn = await client().POST('/api/session', { body: { token: adminToken } });
    expect(signedIn.data && 'role' in signedIn.data && signedIn.data.role).toBe('admin');
    const operator = await client().POST('/api/operators', { body: { name: 'ann', role: 'viewer', valid_days: 3 } });
    expect([operator.response.status, operator.data?.name]).toEqual([201, 'ann']);
    const tick = await client().POST('/api/cron/watchdog');
    expect([tick.response.status, tick.error && 'code' in tick.error && tick.error.code]).toEqual([401, 'cron-secret']);
  });
});
