import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as door from '@/app/api/[[...rest]]/route';
import type { JobOutlookView } from '@/lib/api/answers/job-outlook';
import * as answers from '@/lib/api/answers/operated-jobs';
import type { InFlightView, JobDetail, JobsView } from '@/lib/api/jobs-view';
import { listJobs } from '@/lib/jobs/operate/list-jobs';
import { type TestApi, testApi } from '@/test/support/api';
import { jobRow } from '@/test/support/polled-jobs';
import { addVideoSplit, filmKey } from '@/test/support/video-split';

let api: TestApi;
const ids = { running: '', blocked: '', done: '', other: '' };
const signed = 'https://cdn.test/film.mp4?X-Signature=not-for-everybody';
const prompt = 'a sluice that nobody else may read about';

/** Far ahead, so that no poller meddles. */
const job = (change: Parameters<typeof jobRow>[2] = {}) =>
  jobRow(api.rollout.sql, 'http://127.0.0.1:1', {
    ...{ provider: 'fal', adapter: 'fal', arm: 'old', assigned: 'old', dueInMs: 3_600_000 },
    ...change,
  });

beforeAll(async () => {
  api = await testApi();
  const { sql } = api.rollout;
  await addVideoSplit(sql);
  ids.done = await job({ arm: 'new', provider: 'runware', adapter: 'runware', caller: 'shop', request_id: 'r-done' });
  const request = { prompt, duration: 5, aspect_ratio: '16:9', style: '水闸', image: signed, price_key: 'x' };
  await sql`update sluice.jobs set request = ${sql.json(request)}, attempts = ${sql.json([
    { attempt: 1, provider: 'fal', latency_ms: 90, error_kind: 'http_500', error: 'broke' },
    { attempt: 2, provider: 'runware', latency_ms: 80, error_kind: null, error: null },
  ])}, outputs = ${sql.json([{ url: signed, kind: 'video', content_type: 'video/mp4', seconds: 5 }])}, cost_usd = 0.25,
    state = 'completed', ended_at = now() + interval '90 seconds', due_at = null where id = ${ids.done}`;
  const route = { request_id: 'r-done', split: filmKey, phase: 'create', attempt: 1, arm: 'old', provider: 'fal' };
  await sql`insert into public.analytics_logs (event_type, event_data, created_at)
    select 'split_route', ${sql.json({ ...route, error: 'broke', error_kind: 'http_500' })}, j.created_at
    from sluice.jobs j where j.id = ${ids.done}`;
  const drawn = { ...route, request_id: 'r-drawn', arm: 'new', assigned: 'new', provider: 'runware' };
  await sql`insert into public.analytics_logs (event_type, event_data) values ('split_route', ${sql.json(drawn)})`;
  await sql`insert into public.analytics_logs (event_type, event_data, created_at)
    select 'split_ok', sluice.job_end_event(j), j.ended_at from sluice.jobs j where j.id = ${ids.done}`;
  ids.blocked = await job({ request_id: 'r-blocked', blocked: 'fal has no key' });
  ids.running = await job({ request_id: 'r-running', state: 'running' });
  ids.other = await job({ split: 'OTHER_WEIGHTS' });
});
afterAll(() => api.close());

const call = (path: string, method = 'GET', body?: unknown) =>
  api.call(door, { method, path: `/api/splits/film/${path}`, ...(body === undefined ? {} : { body }) });
const listed = async (query: string) => (await call(`jobs?${query}`)).body as unknown as JobsView;

describe('the jobs of a split, for operators', () => {
  it('come to so much today, beside what all callers together may', async () => {
    const quota = { jobs: { spend_per_day_usd: 5 } };
    await api.rollout.sql`update sluice.splits set quota = ${api.rollout.sql.json(quota)} where key = ${filmKey}`;
    const { body } = await call('quota');
    expect(body).toMatchObject({
      split: 'film',
      quota,
      today: { begun: 3, spent_usd: 0, unknown_usd: 0.25, in_flight: 2 },
    });
  });

  it('are listed newest first, by state, arm and caller, page by page', async () => {
    const all = await listed('');
    expect(all.jobs.map(({ id }) => id)).toEqual([ids.running, ids.blocked, ids.done]);
    expect(all).toMatchObject({ next: null, searched_to: null });
    expect(all.jobs[2]).toMatchObject({ tries: 2, cost_usd: 0.25, caller: 'shop', state: 'completed' });
    const first = await listed('limit=2');
    expect(first.next).toBe(ids.blocked);
    expect((await listed(`limit=2&before=${first.next}`)).jobs.map(({ id }) => id)).toEqual([ids.done]);
    for (const [query, id] of [
      ['state=completed', ids.done],
      ['state=blocked', ids.blocked],
      ['state=running', ids.running],
      ['arm=new', ids.done],
      ['caller=shop', ids.done],
      ['arm=old&state=open&limit=1', ids.running],
    ] as const)
      expect(
        (await listed(query)).jobs.map((each) => each.id),
        query,
      ).toEqual([id]);
    expect((await listed('arm=old&caller=shop')).jobs).toEqual([]);
  });

  it.each(['limit=0', 'limit=201', 'state=lost', 'before=1', `arm=${'x'.repeat(129)}`, 'caller=%00'])(
    '%s is 422',
    async (query) => {
      expect(await call(`jobs?${query}`)).toMatchObject({ status: 422, body: { code: 'query-invalid' } });
    },
  );

  it('are read by indexes alone, and a page ends after so many rows', async () => {
    const { sql } = api.rollout;
    await sql`insert into sluice.jobs (split, door, caller, request_id, arm, assigned, provider, adapter, key_version,
        base_url, model, provider_model, created_at)
      select 'MANY_WEIGHTS', 'sluice', case g when 1 then 'rare' else 'usual' end, 'r' || g, 'a', 'a', 'fal', 'fal', 0, 'x',
        'm', 'm', now() - (7000 - g) * interval '1 second' from generate_series(1, 7000) g`;
    const filter = { state: null, split: 'MANY_WEIGHTS', arm: null, provider: null, caller: 'rare', limit: 5 };
    const page = await listJobs(sql, { ...filter, before: null });
    expect(page).toMatchObject({ jobs: [], next: expect.any(String), searched_to: expect.any(Date) });
    const last = await listJobs(sql, { ...filter, before: page.next });
    expect(last).toMatchObject({ jobs: [{ caller: 'rare' }], next: null });
    await sql`delete from sluice.jobs where split = 'MANY_WEIGHTS'`;
  });

  it('each has its story, without what its caller wrote and where its files lie', async () => {
    const { body, text } = await call(`jobs/video_${ids.done.replaceAll('-', '')}`);
    const told = body as unknown as JobDetail;
    expect(told).toMatchObject({
      ...{ id: ids.done, state: 'completed', assigned: 'old', request_id: 'r-done', base_url: 'http://127.0.0.1:1' },
      attempts: [{ error_kind: 'http_500' }, { provider: 'runware' }],
      outputs: [{ kind: 'video', host: 'cdn.test', seconds: 5 }],
      events: [
        { type: 'split_route', phase: 'create', arm: 'old', error_kind: 'http_500' },
        { type: 'split_ok', phase: 'end', arm: 'new', cost_usd: 0.25, duration_ms: expect.any(Number) },
      ],
    });
    expect(told.request).toEqual([
      { name: 'image', value: null, host: 'cdn.test' },
      { name: 'style', value: null, characters: 2 },
      { name: 'prompt', value: null, characters: prompt.length },
      { name: 'duration', value: 5 },
      { name: 'aspect_ratio', value: '16:9' },
    ]);
    expect(Object.keys(told).sort()).toEqual(Object.keys(answers.job.shape).sort());
    for (const secret of ['X-Signature', 'film.mp4', 'nobody else']) expect(text).not.toContain(secret);
  });

  it('are those of this split alone', async () => {
    for (const said of [ids.other, 'r-done', 'x', '00000000-0000-4000-8000-000000000000'])
      expect(await call(`jobs/${said}`), said).toMatchObject({ status: 404, body: { code: 'unknown-job' } });
    expect(await call(`jobs/${ids.other}/cancel`, 'POST')).toMatchObject({ status: 404 });
  });

  it('say how long it takes until how they end is known, by those that are old enough', async () => {
    const { sql } = api.rollout;
    expect((await call('job-outlook')).body).toMatchObject({ habits: { basis: 'assumed', jobs: 0 } });
    await sql`insert into sluice.jobs (split, door, caller, request_id, arm, assigned, provider, adapter, key_version, base_url,
        model, provider_model, created_at, hold_usd)
      select ${filmKey}, 'sluice', 'shop', 'past', 'old', 'old', 'fal', 'fal', 0, 'x', 'm', 'm', now() - g * interval '1 minute', 0.5
      from generate_series(1, 120) g`;
    await sql`update sluice.jobs set state = 'accepted', upstream_id = 'u' where request_id = 'past'`;
    // Every eleventh hangs; of those that are young nothing is said yet.
    await sql`update sluice.jobs set state = 'completed', due_at = null, cost_usd = 0.4, charged = 'yes',
        ended_at = created_at + interval '90 seconds'
      where request_id = 'past' and extract(epoch from now() - created_at)::int / 60 % 11 > 0`;
    const { habits, outlooks } = (await call('job-outlook?orders_per_minute=200')).body as unknown as JobOutlookView;
    // However many came since, the older ones say it: the newest say how many come.
    const beganMs = performance.now();
    await sql`insert into sluice.jobs (split, door, caller, request_id, arm, assigned, provider, adapter, key_version, base_url,
        model, provider_model, created_at)
      select ${filmKey}, 'sluice', 'shop', 'past', 'old', 'old', 'fal', 'fal', 0, 'x', 'm', 'm',
        now() - g * interval '0.1 second' from generate_series(1, 2100) g`;
    await sql`update sluice.jobs set state = 'accepted', upstream_id = 'u' where request_id = 'past' and state = 'attempting'`;
    const busy = ((await call('job-outlook')).body as unknown as JobOutlookView).habits;
    const tookSeconds = (performance.now() - beganMs) / 1000;
    await sql`delete from sluice.jobs where request_id = 'past'`;
    expect(busy).toMatchObject({ basis: 'history', jobs: habits.jobs, p50_ms: 90_000, p95_ms: null });
    expect(busy.hours).toBeCloseTo(2, 1);
    // Of two thousand in two hundred seconds, beside the few of before, and what it took to ask.
    expect(busy.orders_per_minute).toBeLessThan(605);
    expect(busy.orders_per_minute).toBeGreaterThan(119_999 / (201 + tookSeconds));
    expect(habits).toMatchObject({ basis: 'history', p50_ms: 90_000, p95_ms: null, orders_per_minute: 200 });
    expect([habits.jobs, habits.cost_usd]).toEqual([expect.closeTo(111, -0.5), expect.closeTo(0.41, 2)]);
    expect(outlooks.map(({ stage, share, limit_is_usual }) => [stage, share, limit_is_usual])).toEqual([
      ['D1', 0.1, true],
    ]);
    expect(outlooks[0]).toMatchObject({ jobs_per_minute: 20, stage_minutes: 60, shortage: null });
    const first = await api.call(door, { path: '/api/splits/gen/job-outlook' });
    expect(first).toMatchObject({ status: 409, body: { code: 'not-of-jobs' } });
  });

  it('are counted by arm while they run, and by what became of them', async () => {
    const { in_flight, lately } = (await call('in-flight')).body as unknown as InFlightView;
    expect(in_flight).toMatchObject([
      { arm: 'old', provider: 'fal', jobs: 2, accepted: 1, running: 1, blocked: 1, why: 'fal has no key' },
    ]);
    expect(in_flight[0]?.oldest_seconds).toBeGreaterThan(0);
    // FAL's limit is two hours; of the two the younger counts that is not blocked.
    const [row] = await api.rollout.sql<{ end: Date }[]>`
      select max(j.created_at) + interval '2 hours' as end from sluice.jobs j
      where j.split = ${filmKey} and j.arm = 'old' and j.provider = 'fal' and j.due_at is not null and j.blocked is null`;
    expect(Date.parse(in_flight[0]?.ends_by ?? '')).toBe(row?.end.getTime());
    expect(lately).toMatchObject([
      { arm: 'new', sent: 1, not_accepted: 0, accepted: 1, done: 0, failed: 0 },
      { arm: 'old', sent: 1, not_accepted: 1, accepted: 0 },
    ]);
  });

  it('are cancelled and looked at again, unless they have ended', async () => {
    expect(await call(`jobs/${ids.running}/cancel`, 'POST')).toMatchObject({
      status: 202,
      body: { cancel_asked: true },
    });
    const ended = {
      status: 409,
      body: { code: 'job-ended', detail: expect.stringContaining('it has ended (completed)') },
    };
    expect(await call(`jobs/${ids.done}/cancel`, 'POST')).toMatchObject(ended);
    expect(await call(`jobs/${ids.done}/poll`, 'POST')).toMatchObject(ended);
    expect(await call(`jobs/${ids.blocked}/poll`, 'POST')).toMatchObject({ status: 200, body: { due: 1 } });
    expect(await call('in-flight/poll', 'POST', { provider: 'fal' })).toMatchObject({ body: { due: 2 } });
    const rows = await api.rollout.sql`
      select cancel_asked_at is not null as asked from sluice.jobs where split = ${filmKey} and due_at is not null
      order by created_at desc`;
    expect(rows).toEqual([{ asked: true }, { asked: false }]);
  });
});
