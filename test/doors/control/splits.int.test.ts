import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as door from '@/app/api/[[...rest]]/route';
import { dialectNames } from '@/lib/relay/dialects/dialects';
import { type TestApi, testApi } from '@/test/support/api';
import { filmRules } from '@/test/support/own-dialect';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api.close());

const call = (line: string, body?: unknown, version?: number | string | null) => {
  const [method = 'GET', path = ''] = line.split(' ');
  return api.call(door, { method, path, version: version ?? null, ...(body === undefined ? {} : { body }) });
};
const versionOf = async (slug: string) => Number((await call(`GET /api/splits/${slug}`)).body.version);
const registryVersion = async () => Number((await call('GET /api/splits')).body.version);
const make = (slug: string, more: object = {}) =>
  call('POST /api/splits', { slug, kind: 'image', baseline: 'fal', candidates: ['runware'], ...more });

describe('splits', () => {
  it('are made, listed, renamed and archived', async () => {
    const made = await make('flux', { label: 'Flux', reason: 'a second split' });
    expect(made).toMatchObject({
      status: 201,
      body: { slug: 'flux', key: 'FLUX_WEIGHTS', weights: { fal: 1, runware: 0 } },
    });
    expect(made.headers.get('etag')).toBe(`"${made.body.version}"`);
    const list = await call('GET /api/splits');
    expect(list.headers.get('etag')).toBe(`"${list.body.version}"`);
    expect(list.body.splits).toMatchObject([
      { slug: 'gen', key: 'GEN_PROVIDER_WEIGHTS', is_default: true, stage: 'D1', candidate_share: 0.1, next: 'D2' },
      {
        slug: 'flux',
        label: 'Flux',
        kind: 'image',
        weights: { fal: 1, runware: 0 },
        candidate_share: 0,
        paused: false,
      },
    ]);
    const seen = await registryVersion();
    const renamed = await call('PUT /api/splits/flux', { slug: 'flux-hd', match: { models: ['flux-*'] } }, seen);
    expect(renamed).toMatchObject({
      status: 200,
      body: { slug: 'flux-hd', label: 'Flux', match: { models: ['flux-*'] }, registry_version: seen + 1 },
    });
    expect(renamed.headers.get('etag')).toBe(`"${seen + 1}"`);
    expect((await call('PUT /api/splits/flux-hd', { label: 'Mine' }, seen)).body).toMatchObject({
      ...{ status: 412, code: 'stale-version', version: seen + 1 },
    });
    expect((await call('GET /api/splits/flux')).body).toMatchObject({ status: 404, code: 'unknown-split' });
    expect((await call('DELETE /api/splits/flux-hd?reason=over', undefined, seen + 1)).body).toMatchObject({
      archived: true,
    });
    expect((await call('GET /api/splits')).body.splits).toMatchObject([{ slug: 'gen' }, { slug: 'flux-hd' }]);
    const refused = await call('POST /api/splits/flux-hd/pause', { reason: 'x' }, Number(made.body.version));
    expect(refused.body).toMatchObject({ status: 409, code: 'split-archived' });
    const back = await call('PUT /api/splits/flux-hd', { archived: false }, seen + 2);
    expect(back.body).toMatchObject({ archived: false, slug: 'flux-hd' });
  });

  it('each have a snapshot, a policy, charts, a replay and a journal of their own', async () => {
    await make('two', { reason: 'mine' });
    const snapshot = await call('GET /api/splits/two');
    expect(snapshot.body).toMatchObject({ split: 'TWO_WEIGHTS', weights: { fal: 1, runware: 0 } });
    expect(snapshot.headers.get('etag')).toBe(`"${snapshot.body.version}"`);
    const policy = await call('GET /api/splits/two/policy');
    expect(policy.body).toMatchObject({ source: 'row', policy: { candidate: 'runware' } });
    expect((await call('GET /api/splits/two/metrics?window=1h')).status).toBe(200);
    expect((await call('POST /api/splits/two/replay', { window: '1h' })).status).toBe(200);
    const journal = await call('GET /api/splits/two/journal');
    const entries = journal.body.entries as { flag_key: string; verb: string; reason: string }[];
    expect(entries.map(({ flag_key, verb }) => `${flag_key} ${verb}`)).toEqual([
      'TWO_WEIGHTS weights',
      'TWO_POLICY policy',
      'sluice.registry arm_add',
      'sluice.registry arm_add',
      'sluice.registry split_add',
    ]);
    expect(new Set(entries.map(({ reason }) => reason))).toEqual(new Set(['mine']));
    expect((await call('GET /api/journal?split=two')).body).toEqual(journal.body);
    expect((await call('GET /api/journal?split=nobody')).body).toMatchObject({ code: 'unknown-split' });
  });

  it('move each alone, by the verbs of the first one', async () => {
    await make('three');
    const before = await call('GET /api/rollout');
    const version = await versionOf('three');
    const shares = { weights: { fal: 0.9, runware: 0.1 }, override: true, reason: 'begin' };
    const written = await call('PUT /api/splits/three/weights', shares, version);
    expect(written.status).toBe(200);
    expect((await call('GET /api/splits/three')).body).toMatchObject({ weights: shares.weights });
    expect((await call('POST /api/splits/three/pause', { reason: 'lunch' }, version)).status).toBe(412);
    const paused = await call('POST /api/splits/three/pause', { reason: 'lunch' }, Number(written.body.version));
    expect(paused.status).toBe(200);
    expect((await call('GET /api/splits')).body.splits).toContainEqual(
      expect.objectContaining({
        ...{ slug: 'three', stage: 'D1', baseline: 'fal', candidate_share: 0.1, next: 'D2' },
        ...{ paused: true, paused_by: expect.any(String), pause_reason: 'lunch' },
      }),
    );
    const busy = await call('DELETE /api/splits/three', undefined, await registryVersion());
    expect(busy.body).toMatchObject({ status: 409, code: 'still-needed' });
    const back = await call('POST /api/splits/three/rollback', { reason: 'enough' });
    expect(back.status).toBe(200);
    expect((await call('GET /api/splits/three')).body).toMatchObject({ stage: 'rolled_back' });
    expect((await call('POST /api/splits/three/rearm', { reason: 'ok' }, Number(back.body.version))).status).toBe(200);
    expect((await call('GET /api/rollout')).body.version).toBe(before.body.version);
  });

  it('lose one arm of several, and go on without it', async () => {
    await make('six', {
      candidates: ['b', 'c'],
      arms: [
        { name: 'b', provider: 'runware' },
        { name: 'c', provider: 'fal' },
      ],
    });
    const begun = { weights: { fal: 0.9, b: 0.05, c: 0.05 }, override: true, reason: 'begin' };
    expect((await call('PUT /api/splits/six/weights', begun, await versionOf('six'))).body).toMatchObject({
      version: expect.any(Number),
    });
    expect((await call('POST /api/splits/six/rollback', { arm: 'b', reason: 'slow' })).status).toBe(200);
    expect((await call('GET /api/splits')).body.splits).toContainEqual(
      expect.objectContaining({ slug: 'six', stage: 'D1', without: ['b'], rolled_back: false, candidate_share: 0.05 }),
    );
    expect((await call('POST /api/splits/six/rollback', { arm: 'nobody' })).status).toBeGreaterThanOrEqual(400);
    const again = { arm: 'b', reason: 'mended', override: true };
    const rearmed = await call('POST /api/splits/six/rearm', again, await versionOf('six'));
    expect(rearmed.body).toMatchObject({ version: expect.any(Number) });
  });

  it('the first one is under its slug what it is under /api/rollout', async () => {
    const [here, there] = [await call('GET /api/rollout'), await call('GET /api/splits/gen')];
    expect(there.body).toMatchObject({ split: 'GEN_PROVIDER_WEIGHTS', version: here.body.version, stage: 'D1' });
  });

  it('need an admin to be made, an operator to be moved, a version to be changed', async () => {
    expect((await call('PUT /api/splits/gen', { label: 'Pictures' })).body).toMatchObject({ code: 'version-missing' });
    expect((await call('PUT /api/splits/gen', { label: 'Pictures' }, 999_999)).body).toMatchObject({
      code: 'stale-version',
    });
    const renamed = await call('PUT /api/splits/gen', { label: 'Pictures' }, await registryVersion());
    expect(renamed.body).toMatchObject({ slug: 'gen', label: 'Pictures' });
  });
});

describe('a write without a version', () => {
  it.each([
    ['PUT /api/splits/gen', { label: 'Pictures' }, '/api/splits'],
    ['PUT /api/splits/gen/policy', { policy: {} }, '/api/splits/{slug}/policy'],
    ['POST /api/splits/gen/pause', {}, '/api/splits/{slug}'],
    ['PUT /api/splits/gen/arms/fal', { provider: 'fal' }, '/api/splits/{slug}/arms'],
    ['PUT /api/policy', { policy: {} }, '/api/policy'],
    ['PUT /api/rollout/weights', { weights: { fal: 1 } }, '/api/rollout'],
  ])('%s says where it is read', async (line, body, readAt) => {
    const { detail } = (await call(line, body)).body;
    expect(detail).toBe(`Send If-Match: "<version>" with the version of GET ${readAt}.`);
  });
});

describe('arms, providers and models', () => {
  it('are put and removed', async () => {
    await make('four');
    const version = await registryVersion();
    const arm = { provider: 'fal', model: 'flux-pro', params: { steps: 4 } };
    const put = await call('PUT /api/splits/four/arms/pro', { ...arm, reason: 'a new one' }, version);
    expect(put).toMatchObject({ status: 200, body: { name: 'pro', ...arm } });
    const other = await call('PUT /api/splits/four/arms/pro', { ...arm, model: 'flux-dev' }, version);
    expect(other.body).toMatchObject({ status: 412, code: 'stale-version', version: version + 1 });
    const arms = await call('GET /api/splits/four/arms');
    expect(arms.headers.get('etag')).toBe(`"${version + 1}"`);
    expect((await call('GET /api/splits/four/arms/pro')).body).toEqual({ name: 'pro', ...arm });
    expect(arms.body).toMatchObject({
      split: 'four',
      arms: [{ name: 'fal' }, { name: 'pro' }, { name: 'runware' }],
    });
    expect((await call('DELETE /api/splits/four/arms/fal', undefined, version + 1)).body).toMatchObject({
      status: 409,
      code: 'still-needed',
    });
    expect((await call('DELETE /api/splits/four/arms/pro', undefined, version + 1)).body).toMatchObject({
      removed: 'pro',
    });
    expect((await call('GET /api/splits/four/arms/pro')).body).toMatchObject({ status: 404, code: 'no-such-arm' });
  });

  it('of providers what is left out stays, and the version of the registry is compared', async () => {
    const made = await call('PUT /api/providers/acme', { adapter: 'openai', base_url: 'https://api.acme.test' });
    expect(made).toMatchObject({ status: 200, body: { name: 'acme', label: 'acme', state: 'active' } });
    expect(made.headers.get('etag')).toBe(`"${made.body.registry_version}"`);
    const version = Number(made.body.registry_version);
    const off = await call('PUT /api/providers/acme', { state: 'off' }, version);
    expect(off.body).toMatchObject({ state: 'off', base_url: 'https://api.acme.test' });
    expect((await call('PUT /api/providers/acme', { state: 'active' }, version)).body).toMatchObject({
      status: 412,
      code: 'stale-version',
    });
    expect((await call('GET /api/providers/fal')).body).toMatchObject({
      name: 'fal',
      arms: expect.arrayContaining([{ split: 'gen', name: 'fal' }]),
    });
    const model = await call('PUT /api/models/acme/flux%2Fpro', { provider_model: 'acme/flux', price: { usd: 1 } });
    expect(model.body).toMatchObject({ alias: 'flux/pro', provider: 'acme', provider_model: 'acme/flux' });
    expect((await call('GET /api/models/acme/flux%2Fpro')).body).toMatchObject({ price: { usd: 1 } });
    const models = (await call('GET /api/models')).body.models as { shipped: boolean }[];
    expect(models.filter(({ shipped }) => !shipped)).toHaveLength(1);
    expect((await call('DELETE /api/models/acme/flux%2Fpro')).body).toMatchObject({ removed: 'flux/pro' });
    expect((await call('DELETE /api/providers/acme')).body).toMatchObject({ removed: 'acme' });
    expect((await call('GET /api/providers/acme')).body).toMatchObject({ status: 404, code: 'no-such-provider' });
  });
});

describe('/api/dialects', () => {
  it('adds one of one’s own, shows it beside those that ship, and removes it when nobody speaks it', async () => {
    const made = await call('PUT /api/dialects/film', { rules: filmRules, reason: 'a new vendor' });
    expect(made).toMatchObject({ status: 200, body: { name: 'film', shipped: false, providers: [] } });
    expect(made.headers.get('etag')).toBe(`"${made.body.registry_version}"`);
    const relay = { adapter: 'relay', base_url: 'https://api.film.test', options: { dialect: 'film' } };
    expect((await call('PUT /api/providers/film-one', relay)).status).toBe(200);
    expect((await call('GET /api/dialects/film')).body).toMatchObject({ providers: ['film-one'], rules: filmRules });
    expect((await call('GET /api/dialects/kling')).body).toMatchObject({
      shipped: true,
      rules: { modelAt: ['/model_name', '/model'] },
    });
    const listed = (await call('GET /api/dialects')).body.dialects as { name: string }[];
    expect(listed.map(({ name }) => name)).toEqual([...dialectNames, 'film']);
    expect((await call('DELETE /api/dialects/film')).body).toMatchObject({ status: 409, code: 'still-needed' });
    expect((await call('DELETE /api/providers/film-one')).status).toBe(200);
    expect((await call('DELETE /api/dialects/film')).body).toMatchObject({ removed: 'film' });
    expect((await call('GET /api/dialects/film')).body).toMatchObject({ status: 404, code: 'no-such-dialect' });
  });
});

describe('GET /api/splits/stream', () => {
  it('tells all splits, and of one what its snapshot says', async () => {
    const heard = async (path: string, event: string, until: (data: Record<string, unknown>) => boolean) => {
      const stream = await api.request(door, { path });
      const reader = (stream.body as ReadableStream<Uint8Array>).getReader();
      let text = '';
      for (;;) {
        const { value } = await reader.read();
        text += Buffer.from(value ?? []).toString();
        const found = [...text.matchAll(new RegExp(`event: ${event}\\ndata: (.*)\\n\\n`, 'g'))]
          .map(([, data]) => JSON.parse(data ?? '{}'))
          .find(until);
        if (!found) continue;
        await reader.cancel();
        return found;
      }
    };
    const told = heard('/api/splits/stream', 'splits', ({ splits }) =>
      (splits as { slug: string }[]).some(({ slug }) => slug === 'five'),
    );
    await make('five');
    expect(await told).toMatchObject({ me: { role: 'admin' } });
    expect(await heard('/api/splits/five/stream', 'snapshot', () => true)).toMatchObject({ split: 'FIVE_WEIGHTS' });
    expect((await call('GET /api/splits/nobody/stream')).body).toMatchObject({ status: 404, code: 'unknown-split' });
  });
});
