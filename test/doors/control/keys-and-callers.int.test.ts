import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { unseal } from '@/lib/registry/keys/seal';
import { type TestDatabase, testDatabase } from '@/test/support/database';

const adminToken = 'admin-token-of-keys-and-callers-0123456789';
const secret = randomBytes(32);
let database: TestDatabase;
let front: Awaited<ReturnType<typeof import('@/test/support/app-front')['startAppFront']>>;
let folder: string;

beforeAll(async () => {
  database = await testDatabase();
  folder = mkdtempSync(join(tmpdir(), 'sluice-keys-'));
  const env = {
    DATABASE_URL: database.url,
    SLUICE_DATA_DIR: folder,
    SLUICE_ADMIN_TOKEN: adminToken,
    SLUICE_SECRET_KEY: secret.toString('base64'),
    RUNWARE_API_KEY: 'rw-of-the-environment-0123',
    LOG_LEVEL: 'silent',
  };
  for (const [key, value] of Object.entries(env)) vi.stubEnv(key, value);
  front = await (await import('@/test/support/app-front')).startAppFront();
});
afterAll(async () => {
  await front.close();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

async function call(method: string, path: string, body?: unknown) {
  const answer = await fetch(front.url + path, {
    method,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${adminToken}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, text, json: JSON.parse(text) };
}

describe('/api/providers/{name}/keys', () => {
  it('stores a key, and tells nothing of it afterwards but its end', async () => {
    const before = await call('GET', '/api/providers/runware/keys');
    expect(before.json).toEqual({
      ...{ provider: 'runware', source: { kind: 'environment', variable: 'RUNWARE_API_KEY' }, keys: [] },
    });
    const stored = await call('POST', '/api/providers/runware/keys', { key: ' rw-stored-by-the-api-77aa\n' });
    expect(stored).toMatchObject({ status: 201, json: { provider: 'runware', version: 1, hint: '77aa' } });
    const after = await call('GET', '/api/providers/runware/keys');
    expect(after.json).toMatchObject({ source: { kind: 'stored', version: 1 }, keys: [{ version: 1, hint: '77aa' }] });
    expect(before.text + stored.text + after.text).not.toMatch(/rw-stored|rw-of-the|"v1\./);
    const [row] = await database.sql`select k.* from sluice.provider_keys k`;
    expect(row?.created_by).toBe('operator:admin');
    expect(unseal(secret, { provider: 'runware', version: 1 }, row?.sealed)).toBe('rw-stored-by-the-api-77aa');
  });

  it.each([
    [{ key: '' }, 422, 'nothing was given'],
    [{ key: 'two words' }, 422, 'contains a space'],
    [{ key: 'a\u0000b' }, 422, 'cannot stand in an HTTP header'],
    [{ key: 'x'.repeat(3000) }, 422, 'has 3000 characters'],
    [{ key: 7 }, 422, 'must be the key, as text'],
    [{}, 422, 'must be the key, as text'],
    [{ key: { $ne: '' } }, 422, 'must be the key, as text'],
  ])('refuses %j', async (body, status, sentence) => {
    const answer = await call('POST', '/api/providers/runware/keys', body);
    expect(answer).toMatchObject({ status, text: expect.stringContaining(sentence) });
    const given = 'key' in body && typeof body.key === 'string' ? body.key : '';
    if (given !== '') expect(answer.text).not.toContain(given);
  });

  it('knows no other provider', async () => {
    expect((await call('GET', '/api/providers/nobody/keys')).status).toBe(404);
    expect((await call('POST', '/api/providers/nobody/keys', { key: 'some-key-0123' })).status).toBe(404);
    expect((await call('GET', '/api/providers/__proto__/keys')).status).toBe(404);
  });
});

describe('/api/callers', () => {
  it('adds one, gives it another key, and revokes them', async () => {
    const added = await call('POST', '/api/callers', {
      name: 'shop',
      scopes: ['generate', 'events'],
      rate_per_minute: 60,
      valid_days: 90,
    });
    expect(added).toMatchObject({ status: 201, json: { name: 'shop', key: expect.stringMatching(/^slc_[\w-]{43}$/) } });
    const more = await call('POST', '/api/callers/shop/keys', {});
    const listed = await call('GET', '/api/callers');
    expect(listed.json.callers).toMatchObject([
      {
        name: 'shop',
        scopes: ['generate', 'events'],
        rate_per_minute: 60,
        keys: [{ id: added.json.id }, { id: more.json.id, expires_at: null }],
      },
    ]);
    expect(listed.text).not.toContain('slc_');
    const one = await call('DELETE', `/api/callers/shop?key=${added.json.id}`);
    expect(one).toMatchObject({ status: 200, json: { name: 'shop', revoked: [added.json.id] } });
    expect((await call('DELETE', '/api/callers/shop')).json.revoked).toEqual([more.json.id]);
    expect((await call('DELETE', '/api/callers/shop')).status).toBe(404);
    const entries = await database.sql<{ verb: string }[]>`
      select j.verb from sluice.journal j where j.flag_key = 'sluice.registry' and j.actor = 'operator:admin' order by j.seq`;
    expect(entries.map(({ verb }) => verb)).toEqual([
      ...['key_add', 'caller_add', 'caller_key_add', 'caller_key_add', 'caller_key_change', 'caller_key_change'],
    ]);
  });

  it.each([
    [{ name: 'shop' }, 409, 'There is a caller shop already'],
    [{}, 422, 'must be text of 1 to 200 characters'],
    [{ name: 'b', scopes: 'generate' }, 422, 'must be a list of scopes'],
    [{ name: 'b', scopes: ['admin'] }, 422, 'is not a scope'],
    [{ name: 'b', scopes: ['generate', 'events', 'events:foreign'] }, 422, 'a verdict on its own traffic'],
    [{ name: 'b', rate_per_minute: '5' }, 422, 'must be a number of requests'],
    [{ name: 'b', rate_per_minute: 0 }, 422, 'is not a rate'],
    [{ name: 'b', models: 'flux-*' }, 422, 'must be a list of models'],
    [{ name: 'b', models: ['a b'] }, 422, 'is no model'],
    [{ name: 'b', valid_days: 1e9 }, 422, 'may be valid for'],
    [{ name: 'b', quota: { images_per_day: 5 } }, 422, 'images_per_day'],
    [{ name: 'b', quota: { jobs: { in_flight: -1 } } }, 422, 'must be a whole number from 0'],
    [
      { name: 'b', scopes: ['events'], quota: { jobs: { in_flight: 1 } } },
      422,
      'it has neither scope generate nor relay',
    ],
  ])('refuses %j', async (body, status, sentence) => {
    expect(await call('POST', '/api/callers', body)).toMatchObject({ status, text: expect.stringContaining(sentence) });
  });

  it('limits what one may spend, and tells what it has', async () => {
    const quota = { jobs: { spend_per_day_usd: 0.5, in_flight: 20 } };
    const limited = await call('PUT', '/api/callers/shop/quota', { quota });
    expect(limited).toMatchObject({ status: 200, json: { name: 'shop', quota } });
    expect((await call('PUT', '/api/callers/nobody/quota', { quota })).status).toBe(404);
    expect((await call('PUT', '/api/callers/shop/quota', {})).status).toBe(422);
    const models = ['flux-*'];
    const allowed = await call('PUT', '/api/callers/shop/models', { models });
    expect(allowed).toMatchObject({ status: 200, json: { name: 'shop', models } });
    expect((await call('PUT', '/api/callers/nobody/models', { models })).status).toBe(404);
    expect((await call('PUT', '/api/callers/shop/models', { models: [''] })).status).toBe(422);
    const row = { split: '', door: 'sluice', caller: 'shop', request_id: 'r', arm: 'a', assigned: 'a', hold_usd: 0.35 };
    const place = { provider: 'fal', adapter: 'fal', key_version: 0, base_url: 'https://fal.run' };
    await database.sql`insert into sluice.jobs ${database.sql({ ...row, ...place, model: 'm', provider_model: 'm' })}`;
    const { json } = await call('GET', '/api/callers');
    const today = { begun: 1, spent_usd: 0, unknown_usd: 0, held_usd: 0.35, in_flight: 1 };
    expect(json.callers).toMatchObject([{ name: 'shop', models, quota, today }]);
  });

  it('changes what one may do, with the limits that go with it, and how often', async () => {
    const now = async () => (await call('GET', '/api/callers')).json.callers[0];
    await call('PUT', '/api/callers/shop', { scopes: ['relay', 'generate'] });
    expect((await call('PUT', '/api/callers/shop/prefixes', { prefixes: ['/kling'] })).status).toBe(200);
    const before = await now();
    expect(before).toMatchObject({ scopes: ['generate', 'relay'], prefixes: ['/kling'], models: ['flux-*'] });
    const odd: readonly [body: unknown, sentence: string][] = [
      [{ scopes: 'relay' }, 'must be a list of scopes'],
      [{ rate_per_minute: 0 }, 'is not a rate'],
      [{ rate_per_minute: '5' }, 'must be a number of requests'],
      [{ scopes: [] }, 'it needs a scope'],
      [{ scopes: ['root'] }, 'is not a scope'],
      [{ scopes: ['generate'] }, 'it has no scope relay'],
      [{ scopes: ['metrics'], prefixes: [] }, 'it has neither scope generate nor relay'],
      [{ scopes: ['generate', 'relay', 'events', 'events:foreign'] }, 'a verdict on its own traffic'],
      [{ scopes: ['generate', 'relay'], rate: 5 }, 'rate'],
    ];
    for (const [body, sentence] of odd) {
      const said = await call('PUT', '/api/callers/shop', body);
      expect(said).toMatchObject({ status: 422, text: expect.stringContaining(sentence) });
    }
    expect(await now()).toEqual(before);
    const reporting = {
      scopes: ['events', 'events:foreign'],
      prefixes: [],
      models: [],
      quota: {},
      rate_per_minute: null,
    };
    expect(await call('PUT', '/api/callers/shop', reporting)).toMatchObject({
      ...{ status: 200, json: { name: 'shop', ...reporting } },
    });
    expect(await now()).toMatchObject(reporting);
    const [entry] = await database.sql`
      select j.actor, j.verb, j.becomes::text as becomes from sluice.journal j where j.verb = 'caller_change' order by j.seq desc limit 1`;
    expect(entry).toMatchObject({ actor: 'operator:admin', becomes: expect.stringContaining('events:foreign') });
    expect((await call('PUT', '/api/callers/nobody', reporting)).status).toBe(404);
  });

  it('knows no other', async () => {
    expect((await call('POST', '/api/callers/nobody/keys', {})).status).toBe(404);
    expect((await call('DELETE', '/api/callers/nobody')).status).toBe(404);
    expect((await call('DELETE', '/api/callers/shop?key=x')).status).toBe(422);
  });
});
