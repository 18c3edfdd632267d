import { afterEach, describe, expect, it } from 'vitest';
import { type JobWorld, jobWorld } from './job-world';

let world: JobWorld;
afterEach(() => world.close());

const keys = { ann: 'slk-ann-0123456789abcdef0123456789', bob: 'slk-bob-0123456789abcdef0123456789' };
const as = (who: keyof typeof keys) => ({ authorization: `Bearer ${keys[who]}` });
const open = async (first?: Parameters<typeof jobWorld>[2]) => {
  world = await jobWorld({ old: 1, new: 0 }, { SLUICE_API_KEYS: `${keys.ann},${keys.bob}` }, first);
};
const end = (id: string, change: object = {}) => world.database.sql`
  update sluice.jobs j set ${world.database.sql({ state: 'completed', ended_at: new Date(), due_at: null, ...change })}
  where j.id = ${id}`;

describe('/api/jobs', () => {
  it('tells a job to nobody but its caller, and takes orders of nobody else to stop', async () => {
    await open();
    const { id } = await (await world.order({}, as('ann'))).json();
    const at = `/api/jobs/${id}`;
    for (const path of [at, `/api/jobs/${crypto.randomUUID()}`, '/api/jobs/1', '/api/jobs/a/b', '/api/jobs/%00']) {
      const answer = await world.ask(path, { headers: as('bob') });
      expect([path, answer.status, (await answer.json()).code]).toEqual([path, 404, 'unknown-job']);
    }
    expect((await world.ask(at, { method: 'DELETE', headers: as('bob') })).status).toBe(404);
    expect((await world.ask(at)).status).toBe(401);
    expect((await world.ask(at, { headers: as('ann') })).status).toBe(200);
    expect(await (await world.ask('/api/jobs', { headers: as('bob') })).json()).toEqual({ jobs: [], has_more: false });
    const listed = await world.ask(`/api/jobs?after=${id}`, { headers: as('bob') });
    expect(await listed.json()).toEqual({ jobs: [], has_more: false });
  });

  it('lists the newest first, page by page, and by what became of them', async () => {
    await open();
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.unshift((await (await world.order({ prompt: `n ${n}` }, as('ann'))).json()).id);
    await end(ids[0] ?? '', {
      outputs: [{ url: 'https://x.example/v.mp4', kind: 'video', content_type: 'video/mp4' }],
    });
    const list = async (query: string) => {
      const { jobs, has_more } = await (await world.ask(`/api/jobs?${query}`, { headers: as('ann') })).json();
      return [jobs.map((job: { id: string }) => job.id), has_more];
    };
    expect(await list('limit=2')).toEqual([ids.slice(0, 2), true]);
    expect(await list(`limit=2&after=${ids[1]}`)).toEqual([ids.slice(2, 4), true]);
    expect(await list(`limit=2&after=${ids[3]}`)).toEqual([ids.slice(4), false]);
    expect(await list('state=completed')).toEqual([ids.slice(0, 1), false]);
    expect(await list('state=queued')).toEqual([ids.slice(1), false]);
    for (const query of ['limit=0', 'limit=101', 'state=gone', 'after=x']) {
      expect([query, (await world.ask(`/api/jobs?${query}`, { headers: as('ann') })).status]).toEqual([query, 422]);
    }
  });

  it('asks a job that runs to stop, and forgets one that has ended', async () => {
    await open();
    const { id } = await (await world.order({}, as('ann'))).json();
    const remove = () => world.ask(`/api/jobs/${id}`, { method: 'DELETE', headers: as('ann') });
    const asked = await remove();
    expect(asked.status).toBe(202);
    expect(await asked.json()).toMatchObject({ id, status: 'queued', cancel_asked: true });
    const [row] = await world.database.sql<{ is_due: boolean; asked: Date }[]>`
      select due_at <= now() as is_due, cancel_asked_at as asked from sluice.jobs where id = ${id}`;
    expect(row?.is_due).toBe(true);
    expect((await remove()).status).toBe(202);
    await end(id, { state: 'cancelled' });
    const forgotten = await remove();
    expect(forgotten.status).toBe(200);
    expect(await forgotten.json()).toMatchObject({ status: 'failed', error: { code: 'cancelled' } });
    expect((await world.ask(`/api/jobs/${id}`, { headers: as('ann') })).status).toBe(404);
    expect((await remove()).status).toBe(404);
  });

  it('begins none beyond a cap, says so as each door does, and calls nobody', async () => {
    await open((sql) => sql`update sluice.splits set quota = '{"jobs": {"in_flight": 1}}' where slug = 'film'`);
    const { id } = await (await world.order({}, as('ann'))).json();
    const post = (path: string, body: object) =>
      world.ask(path, {
        method: 'POST',
        headers: {
          ...as('bob'),
          'x-sluice-split': 'film',
          'content-type': 'application/json',
          'idempotency-key': path,
        },
        body: JSON.stringify({ prompt: 'a lock', ...body }),
      });
    const ours = await post('/api/jobs', { model: 'flux-schnell' });
    expect([ours.status, ours.headers.get('retry-after')]).toEqual([429, '5']);
    expect(await ours.json()).toMatchObject({
      code: 'quota-reached',
      detail: expect.stringContaining('the split film has 1 jobs in flight, and may have 1'),
      quota: { of: 'split', name: 'film', cap: 'in_flight', used: 1, limit: 1 },
    });
    const openai = await post('/v1/videos', { model: 'flux-schnell' });
    expect([openai.status, openai.headers.get('retry-after')]).toEqual([429, '5']);
    expect((await openai.json()).error).toMatchObject({ type: 'insufficient_quota', code: 'insufficient_quota' });
    const fal = await post('/fal/queue/fal-ai/flux/schnell', {});
    expect([fal.status, fal.headers.get('x-fal-error-type')]).toEqual([429, 'rate_limited']);
    expect(world.old.orders).toHaveLength(1);
    await end(id);
    // The key was not used up by the refusal.
    await expect.poll(async () => (await post('/api/jobs', { model: 'flux-schnell' })).status).toBe(202);
    const mine = await (await world.ask('/api/quota', { headers: as('bob') })).json();
    expect(mine).toMatchObject({
      caller: expect.stringMatching(/^env-/),
      quota: {},
      today: { begun: 1, in_flight: 1 },
    });
  });

  it('shows what its provider made, and what it cost', async () => {
    await open();
    const { id } = await (await world.order({}, as('ann'))).json();
    const output = { url: 'https://x.example/v.mp4', kind: 'video', content_type: 'video/mp4', seconds: 5 };
    await end(id, { outputs: [output], cost_usd: 0.35, cost_basis: 'billed', progress: 1 });
    const job = async () => (await world.ask(`/api/jobs/${id}`, { headers: as('ann') })).json();
    await expect.poll(job).toMatchObject({ status: 'completed', outputs: [output], cost_usd: 0.35, error: null });
  });

  it('refuses what makes no job, before anybody is asked', async () => {
    await open();
    const refused = async (body: object) => {
      const answer = await world.order(body, as('ann'));
      return [answer.status, (await answer.json()).detail];
    };
    expect(await refused({ model: undefined })).toEqual([422, expect.stringContaining('model is missing')]);
    expect(await refused({ model: 'nobody-knows' })).toEqual([422, expect.stringContaining('is not known to fal')]);
    expect(await refused({ duration: 0 })).toEqual([422, expect.stringContaining('duration is 0')]);
    expect(await refused({ duration: 5 })).toEqual([422, expect.stringContaining('duration is not taken')]);
    expect(await refused({ prompt: undefined })).toEqual([422, expect.stringContaining('prompt is missing')]);
    expect(await refused({ split: 'gen' })).toEqual([404, expect.stringContaining('this is a request of kind job')]);
    const image = await world.plane.post('/api/generate', { prompt: 'x', split: 'film' }, as('ann'));
    expect([image.status, (await image.json()).detail]).toEqual([404, expect.stringContaining('is of kind job')]);
    expect([world.old.orders, await world.database.sql`select 1 from sluice.jobs`]).toMatchObject([[], []]);
  });

  it('gives an arm nothing whose provider takes no jobs, and says so in health', async () => {
    world = await jobWorld({ old: 0, new: 1 });
    const { lanes, splits } = world.plane.runtime.dataPlane;
    const { provider } = lanes.get('runware') ?? {};
    Object.assign(provider ?? {}, { jobs: undefined });
    splits.refit();
    expect(await (await world.order()).json()).toMatchObject({ arm: 'old', provider: 'fal' });
    const health = await (await world.ask('/api/health')).json();
    expect(health.splits.film.arms.new).toBe(
      'the arm new is not used: runware answers within the call, and takes no jobs',
    );
    expect(world.fresh.orders).toEqual([]);
  });
});
