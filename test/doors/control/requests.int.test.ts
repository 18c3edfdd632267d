import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as door from '@/app/api/[[...rest]]/route';
import * as answers from '@/lib/api/answers/requests';
import type { RequestDetail, RequestsView } from '@/lib/api/requests-view';
import { mostSeen, pageQuery } from '@/lib/charts/requests/list-requests';
import { type TestApi, testApi } from '@/test/support/api';
import { jobRow } from '@/test/support/polled-jobs';
import { sluiceLines } from '@/test/support/sluice-line';
import { addVideoSplit, filmKey } from '@/test/support/video-split';

const sluiceLine = sluiceLines();
const minuteMs = 60_000;
let api: TestApi;
const now = Date.now();

/** As requests are called here: made at that time. */
const idAt = (ms: number) => {
  const hex = Math.round(ms).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7abc-8def-0123456789ab`;
};
const ids = {
  rescued: idAt(now - 5 * minuteMs),
  failed: idAt(now - 4 * minuteMs),
  refused: idAt(now - 3 * minuteMs),
  pinned: idAt(now - 2 * minuteMs),
  foreign: 'order-4711',
  job: idAt(now - 6 * minuteMs),
};

async function log(type: string, agoMs: number, data: object): Promise<void> {
  const { sql } = api.rollout;
  await sql`insert into analytics_logs (event_type, event_data, created_at)
    values (${type}, ${sql.json(data as never)}, ${new Date(now - agoMs)})`;
}

beforeAll(async () => {
  api = await testApi();
  const { sql } = api.rollout;
  const rescued = {
    request_id: ids.rescued,
    assigned: 'runware',
    model: 'flux-schnell',
    caller: 'shop',
    user_hash: 'u1',
  };
  const failing = { provider: 'runware', arm: 'runware', stage: 'D1', weights_version: 2 };
  await log('gen_route', 5 * minuteMs, {
    ...{ ...rescued, ...failing, attempt: 1, latency_ms: 9000, error: 'no answer', error_kind: 'timeout' },
    ...{ mapped: ['size'], dropped: ['negative_prompt'], provider_request_id: 'rw-1', prompt: 'nobody may read this' },
  });
  const served = { provider: 'fal', arm: 'fal', latency_ms: 1200, images: 1, cost_per_image: 0.003 };
  await log('gen_route', 5 * minuteMs - 1200, { ...rescued, ...served, attempt: 2, cost_basis: 'billed' });
  const soon = new Date(now + 60 * minuteMs).toISOString();
  await log('gen_ok', 5 * minuteMs - 1210, {
    ...{ ...rescued, provider: 'fal', arm: 'fal', attempts: 2, latency_ms: 10_250, images: 1, cost_usd: 0.003 },
    ...{ image_urls: ['https://images.test/1.png', 'javascript:alert(1)'], image_urls_until: soon },
  });
  await log('voucher_issued', 4.5 * minuteMs, { request_id: ids.rescued, reason: 'regenerate', provider: 'fal' });
  const bad = { error: 'broke', error_kind: 'provider_5xx', caller: 'site' };
  await log('gen_local', 4 * minuteMs, { request_id: ids.failed, attempt: 1, ...failing, ...bad, elapsed_ms: 30 });
  await log('gen_failed', 4 * minuteMs - 5, { request_id: ids.failed, attempts: 1, outcome: 'local', ...bad });
  const refused = { attempt: 1, refused: true, error_kind: 'content_policy', latency_ms: 300 };
  await log('gen_route', 3 * minuteMs, { request_id: ids.refused, provider: 'fal', ...refused });
  const pinned = { attempt: 1, pinned: true, pinned_by: ['seed'], latency_ms: 800 };
  await log('gen_route', 2 * minuteMs, { request_id: ids.pinned, provider: 'fal', ...pinned });
  await log('gen_ok', 2 * minuteMs, {
    request_id: ids.pinned,
    provider: 'fal',
    image_urls_until: '2020-01-01T00:00:00Z',
  });
  await log('gen_route', minuteMs, { request_id: ids.foreign, provider: 'fal', attempt: 1, latency_ms: 700 });
  // Nobody could be tried at all, and whoever wrote it named no request.
  await log('gen_failed', minuteMs / 2, { attempts: 0, error: 'no provider could be called', provider: 'fal' });
  await addVideoSplit(sql);
  const order = {
    provider: 'fal',
    adapter: 'fal',
    arm: 'old',
    assigned: 'old',
    dueInMs: 3_600_000,
    ageMs: 6 * minuteMs,
  };
  await jobRow(sql, 'http://127.0.0.1:1', { ...order, request_id: ids.job, state: 'running' });
  const created = { split: filmKey, phase: 'create', attempt: 1, arm: 'old', assigned: 'old', provider: 'fal' };
  await log('split_route', 6 * minuteMs - 50, { ...created, request_id: ids.job, latency_ms: 50 });
});
afterAll(() => api.close());

const call = (path: string) => api.call(door, { path: `/api/splits/${path}` });
const listed = async (query = '', slug = 'gen') =>
  (await call(`${slug}/requests?${query}`)).body as unknown as RequestsView;
const shown = async (id: string, query = '', slug = 'gen') =>
  (await call(`${slug}/requests/${id}?${query}`)).body as unknown as RequestDetail;

describe('the requests of a split', () => {
  it('are listed by their first attempts, newest first, page by page', async () => {
    const { requests, next, searched_to } = await listed();
    expect(requests.map(({ request_id, outcome }) => [request_id, outcome])).toEqual([
      [null, 'failed'],
      [ids.foreign, 'ok'],
      [ids.pinned, 'ok'],
      [ids.refused, 'refused'],
      [ids.failed, 'failed'],
      [ids.rescued, 'rescued'],
    ]);
    expect([next, searched_to]).toEqual([null, null]);
    expect(requests.at(-1)).toMatchObject({ arm: 'runware', answered_by: 'fal', total_ms: 10_250, cost_usd: 0.003 });
    const seen: unknown[] = [];
    for (let before: string | null = ''; before !== null; ) {
      const page: RequestsView = await listed(before === '' ? 'limit=2' : `limit=2&before=${before}`);
      seen.push(...page.requests.map(({ request_id }) => request_id));
      before = page.next;
    }
    expect(seen).toEqual(requests.map(({ request_id }) => request_id));
  });

  it.each([
    ['outcome=rescued', ['rescued']],
    ['outcome=failed&caller=site', ['failed']],
    ['outcome=refused', ['refused']],
    ['outcome=ok', ['foreign', 'pinned']],
    ['arm=runware', ['failed', 'rescued']],
    ['kind=timeout', ['rescued']],
    ['model=flux-schnell', ['rescued']],
    ['user=u1', ['rescued']],
    ['min_ms=750', ['pinned', 'rescued']],
    [
      `from=${new Date(now - 2.5 * minuteMs).toISOString()}&to=${new Date(now - 0.9 * minuteMs).toISOString()}`,
      ['foreign', 'pinned'],
    ],
    ['caller=nobody', []],
  ] as const)('by %s', async (query, names) => {
    const { requests } = await listed(query);
    expect(requests.map(({ request_id }) => request_id)).toEqual(names.map((name) => ids[name]));
  });

  it.each([
    'limit=0',
    'limit=201',
    'outcome=lost',
    'before=x',
    'min_ms=-1',
    `arm=${'x'.repeat(201)}`,
    'user=%00',
    'from=x',
  ])('%s is 422', async (query) => {
    expect(await call(`gen/requests?${query}`)).toMatchObject({ status: 422, body: { code: 'query-invalid' } });
  });

  it('of jobs lead to these', async () => {
    const { requests } = await listed('', 'film');
    expect(requests).toMatchObject([{ request_id: ids.job, outcome: 'ok', job: { state: 'running' } }]);
    const { sql } = api.rollout;
    await sql`update sluice.jobs set cost_usd = 0.35, cost_basis = 'billed' where request_id = ${ids.job}`;
    const { job } = await shown(ids.job, '', 'film');
    expect(job).toMatchObject({
      state: 'running',
      cost_usd: 0.35,
      cost_basis: 'billed',
      events: [{ type: 'split_route', phase: 'create' }],
    });
  });
});

describe('one request', () => {
  it('has its attempts, what was changed on the way, its rescue, cost and images; nothing of what its caller wrote', async () => {
    const { text } = await call(`gen/requests/${ids.rescued}`);
    const told = JSON.parse(text) as RequestDetail;
    expect(told).toMatchObject({
      ...{ outcome: 'rescued', assigned: 'runware', answered_by: 'fal', stage: 'D1', weights_version: 2, job: null },
      attempts: [
        { attempt: 1, arm: 'runware', error_kind: 'timeout', mapped: ['size'], dropped: ['negative_prompt'] },
        { attempt: 2, arm: 'fal', latency_ms: 1200, cost_basis: 'billed' },
      ],
      end: { ok: true, latency_ms: 10_250, images: 1 },
      vouchers: [{ reason: 'regenerate' }],
      images: { kept: 'yes', urls: ['https://images.test/1.png'] },
    });
    expect(told.attempts[0]?.provider_request_id).toBe('rw-1');
    expect(Object.keys(told).sort()).toEqual(Object.keys(answers.request.shape).sort());
    expect(text).not.toContain('nobody may read');
    expect(await shown(ids.failed)).toMatchObject({
      ...{
        outcome: 'failed',
        end: { ok: false, outcome: 'local' },
        images: { kept: 'no' },
        attempts: [{ ours: true }],
      },
    });
    expect(await shown(ids.pinned)).toMatchObject({ pinned: true, pinned_by: ['seed'], images: { kept: 'expired' } });
  });

  it('that says not when it was is found by its answer, or by what the link says', async () => {
    const missing = await call(`gen/requests/${ids.foreign}`);
    expect(missing).toMatchObject({ status: 404, body: { code: 'unknown-request' } });
    const at = new Date(now - minuteMs).toISOString();
    expect(await shown(ids.foreign, `at=${at}`)).toMatchObject({ outcome: 'ok', end: null });
    await log('gen_ok', minuteMs, { request_id: ids.foreign, provider: 'fal' });
    expect(await shown(ids.foreign)).toMatchObject({ end: { ok: true } });
    expect(await call(`film/requests/${ids.foreign}`)).toMatchObject({ status: 404 });
  });

  it('is told by the command line as well', async () => {
    const sluice = (...args: string[]) => sluiceLine(['requests', ...args], { databaseUrl: api.rollout.database.url });
    const list = await sluice('list', '--outcome', 'rescued', '--split', 'gen');
    expect(list.stdout).toContain(ids.rescued);
    expect(list.stdout).not.toContain(ids.failed);
    const one = await sluice('show', ids.rescued, '--split', 'gen');
    expect(one.stdout).toMatch(
      /rescued, answered by fal[\s\S]*runware {2}9000 ms {2}timeout[\s\S]*left out: negative_prompt/,
    );
    expect(await sluice('show', 'nobody', '--split', 'gen')).toMatchObject({ code: 1 });
    expect(await sluice('list', '--outcome', 'lost')).toMatchObject({ code: 2 });
  });
});

it('a page reads so much of the log by its index and no more, and the next goes on from there', async () => {
  const { sql } = api.rollout;
  await sql`insert into analytics_logs (event_type, event_data, created_at)
    select 'another_program', '{}', ${new Date(now - 7 * minuteMs)}::timestamptz - i * interval '1 millisecond'
    from generate_series(1, ${mostSeen}::int) i`;
  const old = idAt(now - 120 * minuteMs);
  await log('gen_route', 120 * minuteMs, { request_id: old, provider: 'fal', attempt: 1, caller: 'rare' });
  await sql`analyze public.analytics_logs`;
  const filter = { fromMs: null, toMs: null, arm: null, outcome: null, kind: null, model: null, user: null };
  const query = { ...filter, outcome: 'rescued' as const, caller: 'rare', minLatencyMs: null, before: null, limit: 50 };
  const plan = await sql.begin((tx) => tx`explain ${pageQuery(tx, 'GEN_PROVIDER_WEIGHTS', query)}`);
  const text = plan.map((row) => String(row['QUERY PLAN'])).join('\n');
  expect(text, 'what was answered is looked up, not joined').not.toMatch(/(?:Hash|Merge) .*Join/);
  expect(text).toMatch(/Index Scan Backward using \w*created_at_event_type\w* on analytics_logs/);
  expect(text, 'only of partitions without rows').not.toMatch(/Seq Scan on analytics_logs.* rows=\d{3,}/);
  const page = await listed('caller=rare');
  expect(page).toMatchObject({ requests: [], next: expect.any(String), searched_to: expect.any(String) });
  expect(await listed(`caller=rare&before=${page.next}`)).toMatchObject({
    requests: [{ request_id: old }],
    next: null,
  });
});
