import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '@/scripts/sandbox/start';
import { type TestDataPlane, testDataPlane } from '@/test/support/data-plane';
import { type TestDatabase, testDatabase } from '@/test/support/database';
import { addSplit, writeFlag } from './add-split';

describe('a web process with several splits', () => {
  let database: TestDatabase;
  let plane: TestDataPlane;
  let sql: TestDatabase['sql'];

  const generate = (body: object = {}, headers: Record<string, string> = {}) =>
    plane.post('/api/generate', { prompt: 'x', ...body }, headers);
  const live = () => plane.runtime.dataPlane.splits.all.get('ART_WEIGHTS');
  const restart = async (more: object = {}) => {
    const { folder } = plane;
    await plane.close({ keepFolder: true });
    plane = await testDataPlane({ env: { DATABASE_URL: database.url }, folder, ...more });
  };
  const counters = (sandbox: Sandbox, vendor: 'fal' | 'runware') => sandbox.counters(vendor).inference ?? 0;

  beforeEach(async () => {
    database = await testDatabase();
    ({ sql } = database);
    await writeFlag(sql, 'GEN_PROVIDER_WEIGHTS', { fal: 1, runware: 0 });
    plane = await testDataPlane({ env: { DATABASE_URL: database.url } });
  });
  afterEach(async () => {
    await plane.close();
    await database.close();
  });

  it('serves one that is made while it runs, without a restart', async () => {
    expect((await generate({ split: 'art' })).status).toBe(404);
    await addSplit(sql, { key: 'ART_WEIGHTS', slug: 'art', weights: { old: 0, new: 1 } });
    await expect.poll(async () => (await generate({ split: 'art' })).headers.get('x-sluice-arm')).toBe('new');
    const answer = await generate({ split: 'art' });
    expect(answer.headers.get('x-sluice-split')).toBe('art');
    expect(answer.headers.get('x-sluice-version')).toBe(String(live()?.routing?.version));
    const first = await generate();
    expect([first.headers.get('x-sluice-split'), first.headers.get('x-sluice-arm')]).toEqual(['gen', 'fal']);
  });

  it('is told its split by the body, by the header, or by the model, at both doors', async () => {
    await addSplit(sql, {
      key: 'ART_WEIGHTS',
      slug: 'art',
      weights: { old: 1, new: 0 },
      models: ['flux-dev*', 'gpt-image-?'],
    });
    await expect.poll(() => live()?.routing?.version ?? null).not.toBeNull();
    const openai = (body: object, headers = {}) =>
      plane.post('/v1/images/generations', { prompt: 'x', size: '256x256', ...body }, headers);
    const splitOf = (response: Response) => response.headers.get('x-sluice-split');
    expect(splitOf(await generate({ split: 'art' }))).toBe('art');
    expect(splitOf(await generate({}, { 'x-sluice-split': 'art' }))).toBe('art');
    expect(splitOf(await generate({ split: 'art' }, { 'x-sluice-split': 'art' }))).toBe('art');
    expect(splitOf(await generate({ model: 'flux-dev' }))).toBe('art');
    expect(splitOf(await generate({ model: 'flux-dev', split: 'gen' }))).toBe('gen');
    expect(splitOf(await openai({ model: 'gpt-image-1' }))).toBe('art');
    expect(splitOf(await openai({ model: 'gpt-image-1' }, { 'x-sluice-split': 'gen' }))).toBe('gen');
    expect(splitOf(await openai({}))).toBe('gen');
    const both = await generate({ split: 'art' }, { 'x-sluice-split': 'gen' });
    expect(both.status).toBe(422);
    expect(await both.json()).toMatchObject({ code: 'split-named-twice' });
    const nobody = await openai({}, { 'x-sluice-split': 'nobody' });
    expect(nobody.status).toBe(404);
    expect((await nobody.json()).error.message).toContain("There is no split 'nobody'. There are: art, gen.");
  });

  it('keeps an archived split from new requests, by a sentence', async () => {
    await addSplit(sql, { key: 'ART_WEIGHTS', slug: 'art', weights: { old: 1, new: 0 } });
    await sql`update sluice.splits set archived_at = now() where key = 'ART_WEIGHTS'`;
    await expect.poll(async () => (await (await generate({ split: 'art' })).json()).detail).toContain('is archived');
  });

  it('says of a split without a policy that it is not ready, and gives it nothing unasked', async () => {
    await addSplit(sql, { key: 'ART_WEIGHTS', slug: 'art', models: ['flux-*'], weights: null, policy: false });
    await expect.poll(async () => (await generate({ split: 'art' })).status).toBe(409);
    expect((await (await generate({ split: 'art' })).json()).detail).toContain("The split 'art' has no weights yet");
    expect((await generate({ model: 'flux-dev' })).headers.get('x-sluice-split')).toBe('gen');
    await writeFlag(sql, 'ART_POLICY', { baseline: 'old', candidate: 'new', ...stages });
    await expect.poll(async () => (await generate({ split: 'art' })).headers.get('x-sluice-arm')).toBe('old');
  });

  it('writes split_* events that name split, arm and provider, and none that the plan’s own SQL reads', async () => {
    await addSplit(sql, { key: 'ART_WEIGHTS', slug: 'art', weights: { old: 0, new: 1 } });
    await expect.poll(() => live()?.routing?.weights.new).toBe(1);
    plane.sandbox.control('runware', { failureRate: 1, status: 503 });
    await generate({ split: 'art', user: 'ann' }, { 'x-request-id': 'art-request-1' });
    await plane.runtime.dataPlane.events.flush();
    const rows = await sql<{ event_type: string; event_data: Record<string, unknown> }[]>`
      select event_type, event_data from analytics_logs order by id`;
    expect(rows.map(({ event_type }) => event_type)).toEqual(['split_route', 'split_route', 'split_ok']);
    const split = { split: 'ART_WEIGHTS', assigned: 'new' };
    expect(rows[0]?.event_data).toMatchObject({
      ...split,
      arm: 'new',
      provider: 'runware',
      error_kind: 'provider_5xx',
    });
    expect(rows[1]?.event_data).toMatchObject({ ...split, arm: 'old', provider: 'fal', images: 1 });
    expect(rows[2]?.event_data).toMatchObject({ ...split, arm: 'old', provider: 'fal', attempts: 2 });
    expect((await plane.post('/api/vouchers', { request_id: 'art-request-1' })).status).toBe(201);
    const [voucher] = await sql`select event_data from analytics_logs where event_type = 'voucher_issued'`;
    expect(voucher?.event_data).toMatchObject({ split: 'ART_WEIGHTS', arm: 'old', provider: 'fal' });
  });

  it('sends a request to another model of the same provider, and never twice to one', async () => {
    await addSplit(sql, {
      ...{ key: 'ART_WEIGHTS', slug: 'art', weights: { old: 0, new: 1 } },
      arms: { old: ['fal', 'flux-schnell'], new: ['fal', 'flux-dev'] },
    });
    await expect.poll(() => live()?.routing?.weights.new).toBe(1);
    const answer = await (await generate({ split: 'art' })).json();
    expect(answer).toMatchObject({ provider: 'fal', model: 'fal-ai/flux/dev' });
    plane.sandbox.control('fal', { failureRate: 1, status: 500 });
    const before = counters(plane.sandbox, 'fal');
    expect((await (await generate({ split: 'art' })).json()).attempts).toHaveLength(2);
    expect(counters(plane.sandbox, 'fal')).toBe(before + 2);
  });

  it('sends what an arm pins, and gives an arm nothing that pins what its model has not', async () => {
    await addSplit(sql, {
      ...{ key: 'ART_WEIGHTS', slug: 'art', weights: { old: 1, new: 0 } },
      arms: { old: ['fal', null], new: ['fal', 'flux-dev'] },
    });
    await sql`update sluice.arms set params = '{"steps": 7}' where split = 'ART_WEIGHTS' and name = 'new'`;
    await writeFlag(sql, 'ART_WEIGHTS', { old: 0, new: 1 });
    await sql`insert into sluice.arms (split, name, provider, model, params)
      values ('ART_WEIGHTS', 'slow', 'fal', 'flux-dev', '{"steps": 500}')`;
    const splits = async () => (await (await fetch(`${plane.url}/api/health`)).json()).splits;
    const slow =
      "the arm slow is not used: it pins steps, which must be a whole number from 1 to 50 for 'flux-dev' at fal";
    await expect.poll(async () => (await splits()).art?.arms).toEqual({ slow });
    expect(await (await generate({ split: 'art', steps: 20 })).json()).toMatchObject({ model: 'fal-ai/flux/dev' });
    expect(plane.sandbox.lastBody('fal')).toMatchObject({ num_inference_steps: 7 });
    expect(await splits()).toMatchObject({
      gen: { stage: expect.any(String), primary: 'fal', weights: { fal: 1, runware: 0 }, fault: null },
      art: { primary: 'new', weights: { new: 1, old: 0 }, version: live()?.routing?.version, fault: null },
    });
  });

  it('moves calls to where a provider’s row says, lets the ones that run end, and keeps the other lanes', async () => {
    const other = await startSandbox({ seed: 9 });
    other.control('fal', { latencyMs: 0 });
    const runware = plane.runtime.dataPlane.lanes.get('runware');
    plane.sandbox.control('fal', { latencyMs: 1500 });
    const running = generate();
    await expect.poll(() => plane.runtime.dataPlane.lanes.get('fal')?.slots.inUse).toBe(1);
    await sql`update sluice.providers set base_url = ${other.falUrl}, options = '{"private": true}' where name = 'fal'`;
    await expect
      .poll(async () => {
        await generate();
        return counters(other, 'fal');
      })
      .toBeGreaterThan(0);
    expect((await running).status).toBe(200);
    expect(plane.runtime.dataPlane.lanes.get('runware')).toBe(runware);
    await sql`update sluice.providers set base_url = null where name = 'fal'`;
    await other.close();
  });

  it('serves a provider that is registered while it runs, and none that is off', async () => {
    const other = await startSandbox({ seed: 9 });
    other.control('fal', { latencyMs: 0 });
    await sql`insert into sluice.providers (name, adapter, label, base_url, options)
      values ('fal-eu', 'fal', 'FAL in Europe', ${other.falUrl}, '{"private": true}')`;
    await addSplit(sql, {
      ...{ key: 'ART_WEIGHTS', slug: 'art', weights: { old: 0.5, new: 0.5 } },
      arms: { old: ['runware', null], new: ['fal-eu', null] },
    });
    await expect.poll(() => live()?.routing?.weights.new).toBe(0.5);
    for (let i = 0; i < 10; i += 1) expect((await generate({ split: 'art' })).status).toBe(200);
    await expect.poll(() => counters(other, 'fal')).toBeGreaterThanOrEqual(3);
    await writeFlag(sql, 'ART_WEIGHTS', { old: 1, new: 0 });
    await sql`update sluice.providers set state = 'off' where name = 'fal-eu'`;
    await expect.poll(() => live()?.armFaults.get('new')).toContain('fal-eu is off');
    await other.close();
  });

  it('gives providers of one variable none of its key', async () => {
    // The database refuses it; a restored dump, say, may hold it all the same.
    await sql`alter table sluice.providers disable trigger user`;
    await sql`insert into sluice.providers (name, adapter, label) values ('my-fal', 'fal', 'One'), ('my_fal', 'fal', 'Other')`;
    await sql`alter table sluice.providers enable trigger user`;
    await restart({ env: { DATABASE_URL: database.url, SLUICE_SANDBOX: '0', MY_FAL_API_KEY: 'id:secret-of-one' } });
    expect(plane.runtime.dataPlane.lanes.get('my-fal')?.provider.whyNot).toBe(
      'my-fal has no key: MY_FAL_API_KEY would be that of my-fal and my_fal, so it is read for none of them',
    );
    await sql`delete from sluice.providers where name = 'my_fal'`;
    await expect.poll(() => plane.runtime.dataPlane.lanes.get('my-fal')?.provider.configured).toBe(true);
  });

  it('goes on with all of them from memory, and after a restart from the file', async () => {
    await addSplit(sql, { key: 'ART_WEIGHTS', slug: 'art', weights: { old: 0.25, new: 0.75 } });
    await expect.poll(() => live()?.routing?.weights.new).toBe(0.75);
    await sql`alter table feature_flags rename to feature_flags_away`;
    expect((await generate({ split: 'art' })).status).toBe(200);
    await restart();
    expect(live()?.routing).toMatchObject({ source: 'file', weights: { new: 0.75 } });
    expect((await generate({ split: 'art' })).status).toBe(200);
    expect((await generate()).status).toBe(200);
  });

  it('reads the file of a build that knew one split', async () => {
    const { folder } = plane;
    await plane.close({ keepFolder: true });
    await sql`alter table feature_flags rename to feature_flags_away`;
    const from = database.url.replace(/^(\w+:\/\/[^:/@]*):[^@]*@/, '$1@');
    const kept = { version: 41, text: '{"fal":0.3,"runware":0.7}', stage: 'custom', from };
    writeFileSync(join(folder, 'weights.json'), JSON.stringify(kept));
    plane = await testDataPlane({ env: { DATABASE_URL: database.url }, folder });
    expect(plane.runtime.dataPlane.weights.routing).toMatchObject({
      version: 41,
      source: 'file',
      weights: { runware: 0.7 },
    });
  });

  it('follows 50 writes over ten splits by notifications, long before it would look by itself', async () => {
    const keys = Array.from({ length: 10 }, (_, i) => `ART${i}_WEIGHTS`);
    for (const [i, key] of keys.entries()) await addSplit(sql, { key, slug: `art${i}`, weights: { old: 1, new: 0 } });
    const shareOf = (key: string) => plane.runtime.dataPlane.splits.all.get(key)?.routing?.weights.new;
    await expect.poll(() => keys.every((key) => shareOf(key) === 0)).toBe(true);
    await expect.poll(() => plane.runtime.hearsNotifications()).toBe(true);
    const took: number[] = [];
    for (let i = 1; i <= 50; i += 1) {
      const key = keys[i % 10] ?? '';
      await writeFlag(sql, key, { old: 1 - i / 100, new: i / 100 });
      const from = performance.now();
      while (shareOf(key) !== i / 100) {
        if (performance.now() - from > 10_000) throw new Error(`${key} did not follow`);
        await new Promise((done) => setTimeout(done, 1));
      }
      took.push(performance.now() - from);
    }
    took.sort((a, b) => a - b);
    // How soon exactly is for a quiet machine to say.
    expect(took[25]).toBeLessThan(300);
  });

  it('tells in its heartbeat what changed of the other splits, and keeps what it told before', async () => {
    await addSplit(sql, { key: 'ART_WEIGHTS', slug: 'art', weights: { old: 0, new: 1 } });
    await expect.poll(() => live()?.routing?.weights.new).toBe(1);
    const told = async () => (await sql`select splits from sluice.instances where kind = 'web'`)[0]?.splits.ART_WEIGHTS;
    await expect
      .poll(told, { timeout: 15_000 })
      .toMatchObject({ version: live()?.routing?.version, weights: { new: 1 } });
    await generate({ split: 'art' });
    await expect.poll(async () => (await told()).assigned, { timeout: 15_000 }).toEqual({ new: 1, old: 0 });
  });
});

const stages = {
  stages: [{ name: 'D1', weights: { old: 0.9, new: 0.1 }, observe: '1h' }],
  rollback: { old: 1, new: 0 },
};
