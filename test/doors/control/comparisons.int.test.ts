import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as door from '@/app/api/[[...rest]]/route';
import * as answers from '@/lib/api/answers/comparisons';
import type { ComparisonMade, ComparisonsView } from '@/lib/api/comparisons-view';
import { readState } from '@/lib/as-code/read-state';
import { adapterNames } from '@/lib/gateway/providers/adapters';
import { applyRetention } from '@/lib/log/upkeep/retention';
import { runtime } from '@/lib/process/web';
import { type Sandbox, startSandbox } from '@/scripts/sandbox/start';
import { adminToken, type Call, type TestApi, testApi } from '@/test/support/api';
import { startAppFront } from '@/test/support/app-front';
import { sluiceLines } from '@/test/support/sluice-line';
import { addVideoSplit, filmKey } from '@/test/support/video-split';

const sluiceLine = sluiceLines();
const at = '/api/splits/gen/comparisons';
let api: TestApi;
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ seed: 7 });
  for (const name of adapterNames) sandbox.control(name, { latencyMs: 0 });
  api = await testApi({
    ...{ FAL_KEY: sandbox.falKey, RUNWARE_API_KEY: sandbox.runwareKey },
    ...{ FAL_BASE_URL: sandbox.falUrl, RUNWARE_BASE_URL: sandbox.runwareUrl },
  });
  await runtime().firstRead;
});
afterAll(async () => {
  await api.close();
  await sandbox.close();
});

const send = (path: string, body?: unknown, call: Partial<Call> = {}) =>
  api.call(door, { path, ...(body === undefined ? {} : { method: 'POST', body }), ...call });
const called = () => [sandbox.counters('fal').inference ?? 0, sandbox.counters('runware').inference ?? 0];
const prompt = 'a secret lighthouse';
const listed = async () => answers.comparisons.parse((await send(at)).body) as ComparisonsView;

/** What verdicts, gates and the split check read, and the plan's own statements. */
async function samples(): Promise<unknown> {
  const { sql } = api.rollout;
  await runtime().dataPlane.events.flush();
  const [row] = await sql`select
    (select count(*) from sluice.bucket_deltas)::int as deltas, (select count(*) from sluice.buckets)::int as buckets,
    (select count(*) from sluice.pinned_minutes)::int as pinned,
    (select count(*) from analytics_logs where event_type like 'gen\_%' or event_type like 'split\_%')::int as plan`;
  const { assigned } = runtime().dataPlane.splits.first;
  return {
    ...row,
    assigned: Object.fromEntries(assigned),
    lanes: [...runtime().dataPlane.lanes.values()].map((lane) => lane.assigned),
  };
}

it('tells the price before, makes one image at each arm, keeps its digest and counts for nothing', async () => {
  // Compared before it has anything, as nobody's share may have to be risked to see.
  await api.rollout.sql`update feature_flags set flag_value_text = '{"fal":1,"runware":0}'
    where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
  await expect.poll(() => runtime().dataPlane.weights.routing.weights.runware).toBe(0);
  const before = await samples();
  const asked = { prompt, model: 'flux-schnell', width: 512, height: 512 };
  const priced = await send(at, { ...asked, dry_run: true });
  expect([priced.status, called()]).toEqual([200, [0, 0]]);
  expect(answers.comparisonPrice.parse(priced.body).arms.map(({ arm }) => arm)).toEqual(['fal', 'runware']);
  // The one list says it, the other does not until something was paid.
  expect(priced.body).toMatchObject({ cost_usd: null, arms: [{ basis: 'price_list' }, { basis: 'unknown' }] });
  const made = await send(at, asked);
  expect(made.status).toBe(201);
  const seen = answers.comparisonMade.parse(made.body) as ComparisonMade;
  expect(called()).toEqual([1, 1]);
  expect(seen.sides).toMatchObject({ left: { arm: 'fal', ok: true }, right: { arm: 'runware', ok: true } });
  for (const side of ['left', 'right'] as const) {
    expect(seen.images[side]).toEqual([expect.objectContaining({ url: expect.stringMatching(/^http/) })]);
    expect(seen.sides[side].latency_ms).toBeGreaterThan(0);
  }
  expect(seen.cost_usd).toBeCloseTo((seen.sides.left.cost_usd ?? 0) + (seen.sides.right.cost_usd ?? 0));
  const again = await send(at, { ...asked, dry_run: true });
  expect(again.body).toMatchObject({ cost_usd: expect.any(Number), arms: [{}, { basis: 'lately' }] });
  expect(await samples()).toEqual(before);
  const { sql } = api.rollout;
  const rows = await sql<{ event_type: string; event_data: object }[]>`
    select event_type, event_data from analytics_logs where event_type like 'comparison\_%'`;
  expect(rows.map(({ event_type }) => event_type).sort()).toEqual([
    'comparison_ok',
    'comparison_ok',
    'comparison_route',
    'comparison_route',
  ]);
  expect(JSON.stringify(rows)).not.toMatch(/secret lighthouse|"http/);
  const [entry] = await sql`select * from sluice.journal where verb = 'compare'`;
  const digest = createHash('sha256').update(prompt).digest('hex');
  expect(entry).toMatchObject({ actor: 'operator:admin', flag_key: 'sluice.access' });
  expect(entry?.becomes).toContain(`flux-schnell at fal and runware, $${seen.cost_usd}, prompt sha256 ${digest}`);
  expect(JSON.stringify(await sql`select * from sluice.comparisons`)).not.toMatch(/secret|http/);
  // Found beside what else was done to the split, and in no other one's.
  const found = await send('/api/splits/gen/journal?verb=compare');
  expect(found.body.entries).toMatchObject([{ id: entry?.id, actor: 'operator:admin' }]);
});

it('a blind one tells whose is whose after a vote, which counts once and is no voucher', async () => {
  const before = await samples();
  const { body } = await send(at, { prompt, blind: true });
  const hidden = body as unknown as ComparisonMade;
  const nobody = { arm: null, provider: null, model: null, request_id: null, latency_ms: null, cost_usd: null };
  expect(hidden).toMatchObject({ blind: true, told: false, sides: { left: nobody, right: nobody } });
  expect((await listed()).comparisons[0]).toMatchObject({ id: hidden.id, told: false, sides: { left: nobody } });
  const vote = (choice: unknown, id = hidden.id) => send(`${at}/${id}/vote`, { choice, reason: 'sharper hands' });
  expect(await vote('both')).toMatchObject({ status: 422, body: { code: 'body-invalid' } });
  expect(await vote('left', 99)).toMatchObject({ status: 404, body: { code: 'no-such-comparison' } });
  const voted = await vote('right');
  const told = answers.comparison.parse(voted.body);
  expect([told.sides.left.arm, told.sides.right.arm].sort()).toEqual(['fal', 'runware']);
  const chosen = told.sides.right.arm ?? '';
  expect(told.votes).toEqual([expect.objectContaining({ by: 'operator:admin', arm: chosen, reason: 'sharper hands' })]);
  expect(await vote('left')).toMatchObject({ status: 409, body: { code: 'already-voted' } });
  expect((await listed()).votes).toEqual({ arms: { [chosen]: 1 }, neither: 0 });
  expect(await samples()).toEqual(before);
  const [event] = await api.rollout.sql`select event_data from analytics_logs where event_type = 'comparison_vote'`;
  expect(event?.event_data).toMatchObject({ comparison: hidden.id, arm: chosen, split: 'GEN_PROVIDER_WEIGHTS' });
});

it('offers what both arms make images of by a prompt alone: no video, no edit', async () => {
  const { models } = await listed();
  expect(models).toContain('flux-schnell');
  const others = runtime().dataPlane.splits.first.models.aliases.filter((alias) => !models.includes(alias));
  expect(others).toEqual(expect.arrayContaining(['kling-2.5-turbo-pro', 'veo-3.1', 'flux-kontext-pro']));
});

it('on the command line: where both lie, how long they took, what they cost, and a vote', async () => {
  const { server, url } = await startAppFront();
  const env = { DATABASE_URL: api.rollout.database.url, SLUICE_TOKEN: adminToken };
  const line = (...args: string[]) => sluiceLine(['compare', '--split', 'gen', '--url', url, ...args], { env });
  const ran = await line('--prompt', prompt, '--yes');
  expect(ran.code).toBe(0);
  expect(ran.stdout).toMatch(
    /^left: fal, .*[\d.]+ ms, \$[\d.]+\n {2}http\S+\nright: runware, .*\n {2}http\S+\ncost: \$[\d.]+/m,
  );
  const id = String(ran.stdout.match(/--of (\d+)/)?.[1]);
  const voted = await line('--vote', 'neither', '--of', id);
  expect([voted.code, voted.stdout]).toEqual([0, expect.stringContaining('Voted: neither.')]);
  const again = await line('--vote', 'left', '--of', id);
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('has voted on comparison')]);
  server.closeAllConnections();
  server.close();
});

it('shows what one arm could not, and is rescued by nobody', async () => {
  sandbox.control('runware', { failureRate: 1, status: 503 });
  const { status, body } = await send(at, { prompt });
  sandbox.control('runware', { failureRate: 0 });
  expect([status, body.images]).toMatchObject([201, { left: [{}], right: [] }]);
  expect(body.sides).toMatchObject({ left: { ok: true }, right: { ok: false, error_kind: 'provider_5xx' } });
});

it('refuses what cannot be compared, and more than one at a time', async () => {
  await addVideoSplit(api.rollout.sql);
  await expect.poll(() => runtime().dataPlane.splits.all.get(filmKey)?.routing).toBeTruthy();
  const calls = called();
  const video = await send('/api/splits/film/comparisons', { prompt });
  expect(video).toMatchObject({ status: 409, body: { code: 'not-comparable' } });
  const loras = [{ model: 'civitai:1@2', scale: 1 }];
  const unfit = await send(at, { prompt, model: 'flux-dev', loras });
  expect(unfit).toMatchObject({ status: 422, body: { detail: expect.stringMatching(/^loras .* at fal;/) } });
  expect(await send(at, { prompt, candidate: 'kling' })).toMatchObject({ status: 422 });
  expect(await send(at, {})).toMatchObject({ status: 422 });
  expect(called()).toEqual(calls);
  sandbox.control('fal', { latencyMs: 1500 });
  const two = await Promise.all([send(at, { prompt }), send(at, { prompt })]);
  sandbox.control('fal', { latencyMs: 0 });
  expect(two.map(({ status }) => status).sort()).toEqual([201, 429]);
  let last = await send(at, { prompt });
  for (let more = 6; more > 0 && last.status === 201; more -= 1) last = await send(at, { prompt });
  expect(last).toMatchObject({ status: 429, body: { code: 'too-many-requests' } });
});

it('an admin lets the log of one split keep where images lie', async () => {
  const put = (image_hours: unknown, version: string | null) =>
    api.call(door, {
      method: 'PUT',
      path: '/api/splits/gen',
      body: { image_hours, reason: 'a week of pairs' },
      version,
    });
  const tag = async () => (await send('/api/splits')).headers.get('etag');
  expect(await put(9000, await tag())).toMatchObject({ status: 422, body: { code: 'registry-invalid' } });
  expect(await put(24, await tag())).toMatchObject({ status: 200, body: { image_hours: 24 } });
  const { splits } = runtime().dataPlane;
  await expect.poll(() => splits.first.addressesForMs).toBe(86_400_000);
  // A switch of the moment, as a pause is: no file says it, so none can drift from it.
  expect(JSON.stringify(await readState(api.rollout.sql))).not.toContain('imageHours');
  expect((await send('/api/splits')).body.splits).toContainEqual(
    expect.objectContaining({ slug: 'gen', image_hours: 24 }),
  );
  expect(await put(null, await tag())).toMatchObject({ status: 200, body: { image_hours: null } });
  await expect.poll(() => splits.first.addressesForMs).toBeUndefined();
});

it('goes with the events beside it; the journal keeps that it was made', async () => {
  const { sql } = api.rollout;
  await sql`update sluice.comparisons set at = now() - interval '31 days' where id = (select min(id) from sluice.comparisons)`;
  const before = (await listed()).comparisons.length;
  await applyRetention(sql, { keepDays: 30 });
  expect((await listed()).comparisons).toHaveLength(before - 1);
  const [kept] = await sql`select count(*)::int as n from sluice.journal where verb = 'compare'`;
  expect(kept?.n).toBeGreaterThanOrEqual(before);
});
