import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { troubleSayer } from '@/lib/gateway/health/say-trouble';
import { type TestDataPlane, testDataPlane } from '@/test/support/data-plane';
import { type TestDatabase, testDatabase } from '@/test/support/database';
import { sluiceLines } from '@/test/support/sluice-line';
import { addSplit } from '../splits/add-split';

const sluiceLine = sluiceLines();

const secret = randomBytes(32).toString('hex');
const wrong = { direct: 'access-key:wrong-secret-d1e2', many: 'wrong-key-of-many-m7n8' };
let database: TestDatabase;
let plane: TestDataPlane;

beforeAll(async () => {
  database = await testDatabase();
  plane = await testDataPlane({
    env: { DATABASE_URL: database.url, SLUICE_SECRET_KEY: secret },
    without: ['SLUICE_SANDBOX'],
  });
  const { klingUrl, aimlapiUrl } = plane.sandbox;
  await sluice(['providers', 'add', 'direct', '--adapter', 'kling', ...at(klingUrl)]);
  await sluice(['providers', 'add', 'many', '--adapter', 'aimlapi', ...at(aimlapiUrl)]);
  for (const [name, key] of Object.entries(wrong)) await sluice(['keys', 'set', name], key);
  await sluice(['models', 'add', 'direct', 'film', 'kling-v2-5-turbo', '--yes']);
  await sluice(['models', 'add', 'many', 'film', 'klingai/v2.5-turbo/pro/text-to-video', '--yes']);
  await sluice(['models', 'add', 'many', 'film-of-many', 'kling-video/v1.6/standard/text-to-video', '--yes']);
  const arms = { old: ['direct', null], new: ['many', null] } as const;
  await addSplit(database.sql, {
    ...{ key: 'FILM_WEIGHTS', slug: 'film', kind: 'job' },
    ...{ weights: { old: 0.5, new: 0.5 }, arms },
  });
});
afterAll(async () => {
  await plane.close();
  await database.close();
});

const at = (url: string) => ['--base-url', url, '--options', JSON.stringify({ private: true }), '--yes'];

async function sluice(args: readonly string[], stdin = ''): Promise<void> {
  const options = { databaseUrl: database.url, stdin, env: { SLUICE_SECRET_KEY: secret } };
  const { code, stderr } = await sluiceLine(args, options);
  expect(code, stderr).toBe(0);
}

const order = (model = 'film') => plane.post('/api/jobs', { prompt: 'a lock gate', model, split: 'film' });

async function health() {
  const response = await fetch(`${plane.url}/api/health`);
  return (await response.json()).providers;
}

it('turns health red within 30 s, before any request, where a key is wrong', async () => {
  await expect
    .poll(() => plane.runtime.dataPlane.splits.all.get('FILM_WEIGHTS')?.routing?.weights)
    .toEqual({ old: 0.5, new: 0.5 });
  const red = { ok: false, configured: true, error: 'it refuses our key' };
  await expect.poll(health, { timeout: 30_000 }).toMatchObject({ direct: red, many: red, fal: { ok: true } });
});

it('names the provider, the version of its key and its last characters in the log and in the alert', async () => {
  const lines: [object, string][] = [];
  const note = (fields: object, sentence: string) => void lines.push([fields, sentence]);
  const say = troubleSayer(plane.runtime.dataPlane, { warn: note, info: note } as never);
  say();
  say();
  expect(lines).toHaveLength(2);
  for (const [provider, hint] of [
    ['direct', 'd1e2'],
    ['many', 'm7n8'],
  ]) {
    const [, sentence] = lines.find(([fields]) => (fields as { provider: string }).provider === provider) ?? [];
    expect(sentence).toContain(`${provider} refuses our key (version 1, ending in "${hint}")`);
    const detail = async () =>
      (
        await database.sql`select detail from sluice.alerts where kind = 'provider_key_dead' and key = ${provider ?? ''}`
      )[0]?.detail;
    await expect.poll(detail, { timeout: 15_000 }).toBe(sentence);
  }
  expect(JSON.stringify(lines)).not.toMatch(/wrong-secret|wrong-key|access-key/);
});

it('says it anew where another key was stored that is refused, too, and ends what it said of the former', async () => {
  await sluice(['keys', 'set', 'direct'], 'access-key:wrong-secret-z3w4');
  const { sql } = database;
  const said = () =>
    sql`select detail ~ 'version 2, ending in "z3w4"' as anew, resolved_at is null as open
      from sluice.alerts where kind = 'provider_key_dead' and key = 'direct' order by id`;
  await expect.poll(said, { timeout: 30_000 }).toEqual([
    { anew: false, open: false },
    { anew: true, open: true },
  ]);
}, 40_000);

it('answers a caller 502 of kind auth, or 503 where every key is wrong, and never 401, and tells nothing of the key', async () => {
  const one = await order('film-of-many');
  const body = await one.json();
  expect([one.status, body.code]).toEqual([502, 'provider-failed']);
  expect(body.detail).toContain('many failed (auth): HTTP 401');
  expect(body.attempts).toMatchObject([{ provider: 'many', error_kind: 'auth' }]);
  const both = await order();
  const all = await both.json();
  expect([both.status, all.code]).toEqual([503, 'all-providers-unavailable']);
  expect(all.attempts).toMatchObject([{ error_kind: 'auth' }, { error_kind: 'auth' }]);
  expect(JSON.stringify([body, all])).not.toMatch(/d1e2|m7n8/);
});

it('is well again, and makes the video, as soon as the right keys are stored', async () => {
  plane.sandbox.control('kling', { jobMs: 500 });
  plane.sandbox.control('aimlapi', { jobMs: 500 });
  await sluice(['keys', 'set', 'direct'], plane.sandbox.klingKey);
  await sluice(['keys', 'set', 'many'], plane.sandbox.aimlapiKey);
  await expect.poll(health, { timeout: 30_000 }).toMatchObject({ direct: { ok: true }, many: { ok: true } });
  const answer = await order();
  const { id } = await answer.json();
  expect(answer.status).toBe(202);
  const job = async () => (await fetch(`${plane.url}/api/jobs/${id}`)).json();
  await expect.poll(async () => (await job()).status, { timeout: 30_000, interval: 500 }).toBe('completed');
  const [output] = (await job()).outputs;
  expect((await fetch(output.url)).headers.get('content-type')).toBe('video/mp4');
}, 70_000);
