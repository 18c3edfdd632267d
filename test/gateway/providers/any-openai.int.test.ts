import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '@/scripts/sandbox/start';
import { type TestDataPlane, testDataPlane } from '@/test/support/data-plane';
import { type TestDatabase, testDatabase } from '@/test/support/database';
import { sluiceLines } from '@/test/support/sluice-line';
import { addSplit } from '../splits/add-split';

const sluiceLine = sluiceLines();

const secret = randomBytes(32).toString('hex');
let database: TestDatabase;
let plane: TestDataPlane;
let vendor: Sandbox;

beforeAll(async () => {
  database = await testDatabase();
  vendor = await startSandbox({ seed: 9 });
  vendor.control('openai', { latencyMs: 0 });
  plane = await testDataPlane({ env: { DATABASE_URL: database.url, SLUICE_SECRET_KEY: secret } });
});
afterAll(async () => {
  await plane.close();
  await vendor.close();
  await database.close();
});

async function sluice(args: readonly string[], stdin = ''): Promise<void> {
  const options = { databaseUrl: database.url, stdin, env: { SLUICE_SECRET_KEY: secret } };
  const { code, stderr } = await sluiceLine(args, options);
  expect(code, stderr).toBe(0);
}

const generate = (body: object = {}, headers: Record<string, string> = {}) =>
  plane.post('/api/generate', { prompt: 'a lock gate', split: 'art', ...body }, headers);

it('serves a provider that three commands made, beside the baseline', async () => {
  const options = JSON.stringify({ private: true });
  const at = ['--adapter', 'openai', '--base-url', vendor.openaiUrl, '--options', options];
  await sluice(['providers', 'add', 'acme', ...at, '--yes']);
  await sluice(['keys', 'set', 'acme'], vendor.openaiKey);
  const price = JSON.stringify({ usd: 0.04, per: 'image' });
  await sluice(['models', 'set', 'acme', 'acme-image', 'gpt-image-1', '--price', price, '--yes']);
  const arms = { old: ['fal', 'flux-schnell'], new: ['acme', 'acme-image'] } as const;
  await addSplit(database.sql, { key: 'ART_WEIGHTS', slug: 'art', weights: { old: 0.5, new: 0.5 }, arms });
  await expect.poll(() => plane.runtime.dataPlane.lanes.get('acme')?.provider.configured).toBe(true);
  await expect
    .poll(() => plane.runtime.dataPlane.splits.all.get('ART_WEIGHTS')?.routing?.weights)
    .toEqual({ old: 0.5, new: 0.5 });
  const answers = await Promise.all(Array.from({ length: 20 }, async () => (await generate()).json()));
  const by = (provider: string) => answers.filter((answer) => answer.provider === provider);
  expect([by('fal').length, by('acme').length]).toEqual([expect.closeTo(10, -0.7), expect.closeTo(10, -0.7)]);
  expect(by('acme')[0]).toMatchObject({ model: 'gpt-image-1', cost_usd: 0.04, cost_basis: 'price_list' });
  expect(by('acme')[0].images[0]).toMatchObject({
    url: expect.stringMatching(/^data:image\/png;base64,iVBOR/),
    content_type: 'image/png',
  });
  expect(vendor.counters('openai').inference_status_200).toBe(by('acme').length);
  const probe = await plane.runtime.dataPlane.lanes.get('acme')?.provider.probe(AbortSignal.timeout(5000));
  expect(probe).toMatchObject({ ok: true });
  expect(plane.sandbox.counters('openai').requests).toBe(0);
});

it('gives its bytes once, and keeps none of them', async () => {
  const replays: Response[] = [];
  for (let i = 0; i < 4; i += 1) {
    const key = { 'idempotency-key': `once-${i}` };
    const first = await generate({}, key);
    expect(first.status).toBe(200);
    if ((await first.json()).provider === 'acme') replays.push(await generate({}, key));
  }
  expect(replays.length).toBeGreaterThan(0);
  for (const replay of replays) {
    expect(replay.status).toBe(409);
    expect(await replay.json()).toMatchObject({ code: 'replay-unavailable' });
  }
  await plane.runtime.dataPlane.events.flush();
  const kept = await database.sql`
    select 1 from analytics_logs where event_data::text like '%base64%'
    union all select 1 from sluice.idempotency k where k::text like '%base64%'`;
  expect(kept).toHaveLength(0);
});

it('answers as OpenAI does with the bytes that came, without a call for them', async () => {
  const seen: string[] = [];
  while (!seen.includes('new')) {
    const body = { prompt: 'a lock gate', response_format: 'b64_json' };
    const answer = await plane.post('/v1/images/generations', body, { 'x-sluice-split': 'art' });
    const arm = answer.headers.get('x-sluice-arm') ?? '';
    seen.push(arm);
    if (arm !== 'new') continue;
    expect((await answer.json()).data[0].b64_json).toMatch(/^iVBOR/);
  }
  expect(seen.length).toBeLessThan(6);
});

it('names a prefix of its paths in its row', async () => {
  const bad = JSON.stringify({ private: true, path_prefix: 'api/' });
  await sluice(['providers', 'set', 'acme', '--options', bad, '--yes']);
  await expect
    .poll(() => plane.runtime.dataPlane.lanes.get('acme')?.provider.whyNot)
    .toContain('options.path_prefix must be like /api');
  const good = JSON.stringify({ private: true, path_prefix: '/api' });
  await sluice(['providers', 'set', 'acme', '--options', good, '--yes']);
  await expect.poll(() => plane.runtime.dataPlane.lanes.get('acme')?.provider.whyNot).toBeNull();
  const probe = await plane.runtime.dataPlane.lanes.get('acme')?.provider.probe(AbortSignal.timeout(5000));
  expect(probe).toMatchObject({ ok: false, error: expect.stringContaining('GET /api/v1/models') });
});
