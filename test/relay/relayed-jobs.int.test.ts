import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { costBases } from '@/lib/charts/metrics-details';
import { tellUntracked } from '@/lib/jobs/poll/blocked-alerts';
import { addSplit } from '@/test/gateway/splits/add-split';
import { eventually } from '@/test/support/eventually';
import { addProvider, PlayedVendor } from '@/test/support/relay-world';
import { addRelay, callerKeys, type RelayedWorld, relayedWorld } from '@/test/support/relayed-world';

let world: RelayedWorld;
beforeAll(async () => {
  world = await relayedWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  for (const name of ['aggregator', 'runway', 'kling', 'jimeng'] as const) {
    world.sandbox[name].restore();
    world.sandbox[name].control({ latencyMs: 0, jobNeverEnds: true });
  }
});

const row = async (upstreamId: string) => {
  const [found] = await world.database.sql`
    select state, provider, arm, caller, key_version, error_kind, upstream, cost_usd::float8 as cost, cancel_said, due_at
    from sluice.jobs where upstream_id = ${upstreamId}`;
  return found;
};
const events = async (upstreamId: string) =>
  await world.database.sql`
    select l.event_type as type, l.event_data ->> 'arm' as arm, l.event_data ->> 'phase' as phase
    from analytics_logs l join sluice.jobs j on j.request_id = l.event_data ->> 'request_id'
    where j.upstream_id = ${upstreamId} order by l.event_type`;
/** As if the time of its next look had come. */
const due = (upstreamId: string) =>
  world.database.sql`update sluice.jobs set due_at = now() where upstream_id = ${upstreamId}`;
const creates = (name: 'aggregator' | 'runway' | 'kling' | 'jimeng') => world.sandbox[name].counters().inference ?? 0;
const polls = (name: 'aggregator' | 'runway' | 'kling' | 'jimeng') => world.sandbox[name].counters().poll ?? 0;

const film = { model_name: 'kling-v1', prompt: 'a boat' };
async function order(): Promise<string> {
  const made = await world.ask('POST', '/kling/v1/videos/text2video', film);
  expect(made.status, JSON.stringify(made.body)).toBe(200);
  return (made.body.data as { task_id: string }).task_id;
}
const look = (id: string, caller: 0 | 1 = 0) =>
  world.ask('GET', `/kling/v1/videos/text2video/${id}`, undefined, caller);

describe('a create', () => {
  it('is asked for under every prefix of its relay, by its caller alone', async () => {
    const { sql } = world.database;
    await sql`update sluice.splits set match = jsonb_set(match, '{prefixes}', '["/kling", "/kuaishou"]') where slug = 'kling'`;
    const under = (id: string, caller: 0 | 1 = 0) =>
      world.ask('GET', `/kuaishou/v1/videos/text2video/${id}`, undefined, caller);
    const id = await order();
    await eventually(
      async () => (await under(id)).status,
      (status) => status === 200,
      10_000,
    );
    expect([(await look(id)).status, (await under(id, 1)).status]).toEqual([200, 404]);
    const made = await world.ask('POST', '/kuaishou/v1/videos/text2video', film);
    expect((await look((made.body.data as { task_id: string }).task_id)).status).toBe(200);
  });

  it('says what every client of the vendor says, and what its caller says of it goes before', async () => {
    await world.share('runway', 1);
    const orderBy = async (headers: Record<string, string>) =>
      fetch(`${world.plane.url}/runway/v1/text_to_video`, {
        ...{ method: 'POST', body: JSON.stringify({ model: 'gen4_turbo', promptText: 'a boat' }) },
        headers: { authorization: `Bearer ${callerKeys[0]}`, 'content-type': 'application/json', ...headers },
      });
    expect((await orderBy({})).status).toBe(200);
    expect((await orderBy({ 'X-Runway-Version': '2024-11-06' })).status).toBe(200);
    const older = await orderBy({ 'X-Runway-Version': '2020-01-01' });
    expect([older.status, await older.text()]).toEqual([400, expect.stringContaining('X-Runway-Version must be')]);
  });

  it('is bound before it is answered, at the arm that was drawn', async () => {
    await world.share('kling', 1);
    const id = await order();
    expect(await row(id)).toMatchObject({
      ...{
        state: 'accepted',
        provider: 'kling-direct',
        arm: 'new',
        caller: expect.stringMatching(/^env-/),
        key_version: 0,
      },
      upstream: { prefix: '/kling', rule: 'POST /v1/videos/{type}', names: { type: 'text2video' } },
    });
    await expect.poll(() => events(id)).toEqual([{ type: 'split_route', arm: 'new', phase: 'create' }]);
  });

  it('without an answer is said to be unknown, and is never sent again', async () => {
    await world.share('kling', 1);
    world.sandbox.kling.control({ reset: true });
    const [before, elsewhere] = [creates('kling'), creates('aggregator')];
    const made = await world.ask('POST', '/kling/v1/videos/text2video', film);
    expect([made.status, made.headers.get('x-should-retry')]).toEqual([504, 'false']);
    expect(made.body).toMatchObject({ code: expect.any(Number), message: expect.stringContaining('not known') });
    expect(creates('kling')).toBe(before + 1);
    expect(creates('aggregator')).toBe(elsewhere);
    const [last] = await world.database.sql`select state, provider from sluice.jobs order by created_at desc limit 1`;
    expect(last).toEqual({ state: 'unknown', provider: 'kling-direct' });
  });

  it('whose answer hides whether it began passes as it came, and says not to send it again', async () => {
    world.sandbox.kling.control({ jobBadGateway: true });
    const made = await world.ask('POST', '/kling/v1/videos/text2video', film);
    expect([made.status, made.headers.get('x-should-retry')]).toEqual([502, 'false']);
    expect(made.body).toBe('Bad gateway');
  });

  it('whose answer names no job passes, and is told to be untracked', async () => {
    world.sandbox.kling.control({ noImage: true });
    const made = await world.ask('POST', '/kling/v1/videos/text2video', film);
    expect(made.status).toBe(200);
    const [last] = await world.database.sql`
      select state, upstream from sluice.jobs order by created_at desc limit 1`;
    expect(last).toEqual({ state: 'unknown', upstream: { untracked: true } });
  });

  it('that is refused passes as it came', async () => {
    world.sandbox.kling.control({ failureRate: 1, status: 503 });
    const made = await world.ask('POST', '/kling/v1/videos/text2video', film);
    expect(made.status).toBe(503);
    expect(made.body).toMatchObject({ code: 5001 });
    const [last] = await world.database.sql`select state from sluice.jobs order by created_at desc limit 1`;
    expect(last?.state).toBe('refused');
  });
});

describe('a job', () => {
  it('is asked for where it was made, after a rollback as before, and nothing new goes there', async () => {
    await world.share('kling', 1);
    const ids = await Promise.all([order(), order(), order()]);
    await world.share('kling', 0);
    const [there, here] = [creates('kling'), creates('aggregator')];
    const later = await order();
    expect([creates('kling'), creates('aggregator')]).toEqual([there, here + 1]);
    for (const id of ids) {
      const { status, headers, body } = await look(id);
      expect([status, headers.get('x-sluice-arm'), body.code]).toEqual([200, 'new', 0]);
    }
    expect((await look(later)).body).toMatchObject({ code: 'success' });
    expect([creates('kling'), creates('aggregator')]).toEqual([there, here + 1]);
  });

  it('ends once, by the poll that shows it, with its cohort’s event', async () => {
    world.sandbox.aggregator.control({ jobNeverEnds: false, jobMs: 0 });
    const id = await order();
    expect((await look(id)).body).toMatchObject({ data: { status: 'succeeded' } });
    await expect.poll(async () => (await row(id))?.state).toBe('completed');
    await look(id);
    await expect
      .poll(() => events(id))
      .toEqual([
        { type: 'split_ok', arm: 'old', phase: 'end' },
        { type: 'split_route', arm: 'old', phase: 'create' },
      ]);
    const { sql } = world.database;
    const [{ split } = { split: '' }] = await sql<{ split: string }[]>`
      select split from sluice.jobs where upstream_id = ${id}`;
    expect(await costBases(sql, split, Date.now() - 600_000, Date.now() + 60_000)).toHaveProperty('old');
  });

  it('is followed when its caller stops asking', async () => {
    world.sandbox.aggregator.control({ jobNeverEnds: false, jobMs: 0, jobFails: true });
    const id = await order();
    await due(id);
    await expect.poll(async () => (await row(id))?.state).toBe('failed');
    await expect.poll(async () => (await events(id)).map(({ type }) => type)).toContain('split_failed');
  });

  it('is its caller’s alone; another’s, and one there is not, look alike', async () => {
    const id = await order();
    const before = polls('aggregator');
    for (const said of [await look(id, 1), await look('nobody-1')]) {
      expect([said.status, said.headers.get('x-sluice-fault'), said.body.code]).toEqual([404, 'caller', 1203]);
    }
    expect(polls('aggregator')).toBe(before);
    const list = await world.ask('GET', '/kling/v1/videos/text2video?pageNum=1');
    expect([list.status, list.body.message]).toEqual([403, expect.stringContaining('every caller')]);
  });

  it('is no other caller’s by another spelling of its address, another method or a body that hides its id', async () => {
    const id = await order();
    const { body: song } = await world.ask('POST', '/suno/submit/music', { mv: 'v4', prompt: 'a song' });
    const padded = { ids: [song.data], pad: ' '.repeat(300 * 1024) };
    const asked: [number, string, string, unknown?][] = [
      [404, 'GET', `/kling/v1/videos/text2video/${id}/`],
      [404, 'GET', `/kling/V1/videos/text2video/${id}`],
      [400, 'GET', `/kling/v1/%76ideos/text2video/${id}`],
      [404, 'HEAD', `/kling/v1/videos/text2video/${id}`],
      [404, 'DELETE', `/kling/v1/videos/text2video/${id}`],
      [413, 'POST', '/suno/fetch', padded],
      [400, 'POST', '/suno/fetch', { ids: song.data }],
      [400, 'POST', '/suno/fetch', { ids: [], IDS: [song.data] }],
    ];
    for (const [status, method, path, body] of asked) {
      const said = await world.ask(method, path, body, 1);
      expect([said.status, said.headers.get('x-sluice-fault')], `${method} ${path}`).toEqual([status, 'caller']);
    }
    expect((await world.ask('HEAD', `/kling/v1/videos/text2video/${id}`)).headers.get('x-sluice-arm')).not.toBeNull();
  });

  it('is told alike to all who ask for it at the same time', async () => {
    const toldOf = async (id: string) => {
      const all = await Promise.all(Array.from({ length: 20 }, () => look(id)));
      return new Set(all.map(({ body }) => JSON.stringify(body))).size;
    };
    // A busy machine asks the twenty in more than the half second that one answer is good for.
    const told = async () => toldOf(await order());
    await eventually(told, (answers) => answers === 1, 20_000);
  });
});

describe('polls by POST', () => {
  it('Jimeng: an Action tells them apart, bodies are signed as they are, and jobs are followed', async () => {
    const at = (action: string) => `/jimeng/?Action=${action}&Version=2022-08-31`;
    const body = { req_key: 'jimeng_t2v_v30', prompt: '一条船' };
    const made = await world.ask('POST', at('CVSync2AsyncSubmitTask'), body);
    expect(made.body, JSON.stringify(made.body)).toMatchObject({ code: 10000 });
    const { task_id } = made.body.data as { task_id: string };
    const before = creates('jimeng');
    const asked = { req_key: body.req_key, task_id };
    const seen = await world.ask('POST', at('CVSync2AsyncGetResult'), asked);
    expect(seen.body).toMatchObject({ code: 10000, data: { status: expect.stringMatching(/in_queue|generating/) } });
    const other = await world.ask('POST', at('CVSync2AsyncGetResult'), asked, 1);
    expect([other.status, other.body.code]).toEqual([404, 50404]);
    const followed = polls('jimeng');
    await due(task_id);
    await expect.poll(() => polls('jimeng')).toBeGreaterThan(followed);
    expect((await row(task_id))?.error_kind).toBeNull();
    expect(creates('jimeng')).toBe(before);
  });

  it('Suno: several ids of one provider in one question', async () => {
    const make = async () => (await world.ask('POST', '/suno/submit/music', { mv: 'v4', prompt: 'a song' })).body.data;
    const ids = [await make(), await make()];
    const seen = await world.ask('POST', '/suno/fetch', { ids });
    expect((seen.body.data as { task_id: string }[]).map(({ task_id }) => task_id).sort()).toEqual([...ids].sort());
    const stranger = await world.ask('POST', '/suno/fetch', { ids: [...ids, 'nobody-1'] });
    expect([stranger.status, stranger.body.message]).toEqual([404, expect.stringContaining("'nobody-1'")]);
  });
});

it('Pika: a form begins it at either arm, by its path and with its key, and it is asked for where it was made', async () => {
  const heard: string[] = [];
  const vendor = async (name: string) => {
    const played = await PlayedVendor.start();
    played.serve = async (request, response) => {
      const { method, url, headers } = request;
      let body = '';
      for await (const chunk of request) body += chunk;
      const form =
        /name="promptText"\r\n\r\na boat\r\n/.test(body) &&
        headers['content-type']?.startsWith('multipart/form-data; boundary=');
      heard.push(`${method} ${url} ${headers['x-api-key'] ?? headers.authorization}${form ? ' form' : ''}`);
      const done = { id: `${name}-1`, status: 'finished', url: 'https://a.test/a.mp4' };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(method === 'POST' ? { video_id: `${name}-1` } : done));
    };
    return played;
  };
  const { sql } = world.database;
  const [gathered, direct] = await Promise.all([vendor('gathered'), vendor('direct')]);
  await addProvider(sql, 'pika-old', gathered.url, { dialect: 'pika', path_prefix: '/pika' });
  const auth = { scheme: 'header', name: 'X-API-KEY' };
  await addProvider(sql, 'pika-new', direct.url, { dialect: 'pika', auth });
  await addRelay(sql, world.plane, { key: 'PIKA_WEIGHTS', slug: 'pika', old: 'pika-old', fresh: 'pika-new' });
  const make = async () => {
    const body = new FormData();
    body.set('promptText', 'a boat');
    const headers = { authorization: `Bearer ${callerKeys[0]}` };
    const made = await fetch(`${world.plane.url}/pika/generate/2.2/t2v`, { method: 'POST', headers, body });
    return (await made.json()).video_id;
  };
  expect(await make()).toBe('gathered-1');
  await world.share('pika', 1);
  expect(await make()).toBe('direct-1');
  await world.share('pika', 0);
  for (const id of ['gathered-1', 'direct-1'])
    expect((await world.ask('GET', `/pika/videos/${id}`)).body).toMatchObject({ id, status: 'finished' });
  expect((await world.ask('GET', '/pika/videos/direct-1', undefined, 1)).status).toBe(404);
  await expect.poll(async () => (await row('direct-1'))?.state).toBe('completed');
  expect(heard.filter((each) => /generate|(?:gathered|direct)-1/.test(each))).toEqual([
    'POST /pika/generate/2.2/t2v Bearer sandbox-relay form',
    'POST /generate/2.2/t2v sandbox-relay form',
    'GET /pika/videos/gathered-1 Bearer sandbox-relay',
    'GET /videos/direct-1 sandbox-relay',
  ]);
  await Promise.all([gathered.close(), direct.close()]);
});

describe('a job that is made of another', () => {
  it('lives where that one does, is found there, and counts for no arm', async () => {
    const vendor = await PlayedVendor.start();
    let made = 0;
    vendor.serve = ({ method, url }, response) => {
      const id = method === 'POST' ? `video_${++made}` : url?.split('/').at(-1);
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ id, status: 'queued' }));
    };
    await addProvider(world.database.sql, 'films', vendor.url, { dialect: 'openai-videos', auth: { scheme: 'none' } });
    await addRelay(world.database.sql, world.plane, {
      key: 'FILMS_WEIGHTS',
      slug: 'films',
      old: 'films',
      fresh: 'films',
    });
    const first = await world.ask('POST', '/films/v1/videos', { model: 'sora-2', prompt: 'a boat' });
    expect([first.status, first.body.id]).toEqual([200, 'video_1']);
    const remix = await world.ask('POST', '/films/v1/videos/video_1/remix', { prompt: 'a red boat' });
    expect([remix.status, remix.body.id]).toEqual([200, 'video_2']);
    expect((await world.ask('GET', '/films/v1/videos/video_2')).body).toMatchObject({ id: 'video_2' });
    expect((await world.ask('GET', '/films/v1/videos/video_2', undefined, 1)).status).toBe(404);
    // As the vendor's client says it: in a form, which names a video that was made here or brings one along.
    const longer = async (video: string | Blob, caller: 0 | 1) => {
      const form = new FormData();
      form.set('prompt', 'it sails on');
      form.set(typeof video === 'string' ? 'video[id]' : 'video', video);
      const headers = { authorization: `Bearer ${callerKeys[caller]}` };
      const said = { method: 'POST', headers, body: form };
      const answer = await fetch(`${world.plane.url}/films/v1/videos/extensions`, said);
      return [answer.status, ((await answer.json()) as { id?: string }).id];
    };
    expect(await longer('video_2', 0)).toEqual([200, 'video_3']);
    expect(await longer('video_2', 1)).toEqual([404, undefined]);
    expect(await longer(new Blob(['film']), 1)).toEqual([200, 'video_4']);
    const seen = (id: string, caller: 0 | 1) => world.ask('GET', `/films/v1/videos/${id}`, undefined, caller);
    const looks = [seen('video_3', 0), seen('video_4', 1), seen('video_4', 0)];
    expect((await Promise.all(looks)).map(({ status }) => status)).toEqual([200, 200, 404]);
    const [{ split, follows }] = (await world.database.sql`
      select j.split, j.remix_of = o.id as follows from sluice.jobs j join sluice.jobs o on o.upstream_id = 'video_1'
      where j.upstream_id = 'video_2'`) as unknown as [{ split: string; follows: boolean }];
    expect([split, follows]).toEqual(['', true]);
    vendor.serve = (_, response) =>
      void response.writeHead(200, { 'content-length': '100' }).write('{"id": "vi', () => response.destroy());
    const poll = await world.ask('GET', '/films/v1/videos/video_1');
    expect([poll.status, poll.headers.get('x-sluice-fault')]).toEqual([502, 'upstream']);
    const lost = await world.ask('POST', '/films/v1/videos/video_1/remix', { prompt: 'a green boat' });
    expect([lost.status, lost.headers.get('x-should-retry')]).toEqual([504, 'false']);
    vendor.serve = (_, response) => void response.end('{}');
    expect((await world.ask('POST', '/films/v1/videos/video_1/remix', { prompt: 'a grey boat' })).status).toBe(200);
    const [last] = await world.database.sql`select state, upstream from sluice.jobs order by created_at desc limit 1`;
    expect(last).toEqual({ state: 'unknown', upstream: { untracked: true } });
    await world.database.sql`update sluice.splits set match = '{"prefixes": ["/reels"]}' where slug = 'films'`;
    const moved = ['video_1', 'video_2'].map(
      (id) => async () => (await world.ask('GET', `/reels/v1/videos/${id}`)).status,
    );
    for (const look of moved) await expect.poll(look, { timeout: 8000 }).toBe(200);
    // What may have begun something is a line each, as creates are; what only asks is none.
    await world.ask('DELETE', '/reels/v1/videos/video_1');
    await world.ask('POST', '/reels/v1/videos/characters', { name: 'a captain' });
    const told = (path: string) => world.said(path).map(({ arm, status, id, outcome }) => [arm, status, id, outcome]);
    await expect
      .poll(() => told('/v1/videos/video_1/remix'))
      .toEqual([
        ['old', 200, 'video_2', undefined],
        ['old', null, undefined, 'provider-outcome-unknown'],
        ['old', 200, null, undefined],
      ]);
    await expect.poll(() => told('/v1/videos/characters')).toEqual([['old', 200, null, undefined]]);
    expect(told('/v1/videos/video_1')).toEqual([['old', 200, 'video_1', undefined]]);
    await vendor.close();
  });
});

it('two providers that hand out one id: the first keeps it, both are followed, and it is told', async () => {
  const answers = (from: string) => (vendor: PlayedVendor) => {
    vendor.serve = (_, response) =>
      void response.end(JSON.stringify({ id: 'video_77', status: 'queued', model: from }));
    return vendor;
  };
  const [one, two] = [answers('one')(await PlayedVendor.start()), answers('two')(await PlayedVendor.start())];
  const { sql } = world.database;
  await addProvider(sql, 'twins-one', one.url, { dialect: 'openai-videos', auth: { scheme: 'none' } });
  await addProvider(sql, 'twins-two', two.url, { dialect: 'openai-videos', auth: { scheme: 'none' } });
  await addRelay(sql, world.plane, { key: 'TWINS_WEIGHTS', slug: 'twins', old: 'twins-one', fresh: 'twins-two' });
  const made = async (caller: 0 | 1 = 0) =>
    (await world.ask('POST', '/twins/v1/videos', { model: 'sora-2' }, caller)).body.model;
  const asked = async (caller: 0 | 1 = 0) =>
    (await world.ask('GET', '/twins/v1/videos/video_77', undefined, caller)).body.model;
  expect([await made(), await made()]).toEqual(['one', 'one']);
  await world.share('twins', 1);
  expect([await made(), await asked()]).toEqual(['two', 'one']);
  // Another caller's id is another one.
  expect([await made(1), await asked(1)]).toEqual(['two', 'two']);
  const rows = await sql`
    select j.provider, j.state, j.upstream ->> 'untracked' as untracked from sluice.jobs j
    where j.upstream_id = 'video_77' order by j.created_at`;
  expect(rows.map((each) => Object.values(each))).toEqual([
    ['twins-one', 'accepted', null],
    ['twins-one', 'accepted', null],
    ['twins-two', 'accepted', 'twin'],
    ['twins-two', 'accepted', null],
  ]);
  const told: string[] = [];
  const raise = async ({ key, detail }: { readonly key: string; readonly detail: string }) =>
    void told.push(`${key}: ${detail}`);
  await tellUntracked(sql, { raise, resolve: async () => undefined });
  expect(told.filter((each) => each.includes('twins'))).toEqual([
    expect.stringMatching(/^twins-two: A create .* an id that/),
  ]);
  await Promise.all([one.close(), two.close()]);
});

describe('what is refused says which of them failed, as clients of its dialect read it:', () => {
  const said = async (path: string, key: string = callerKeys[0], method = 'POST') => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const body = method === 'POST' ? JSON.stringify(film) : undefined;
    const answer = await fetch(world.plane.url + path, { method, headers, ...(body === undefined ? {} : { body }) });
    const text = (await answer.json()) as { readonly [name: string]: unknown };
    expect(text, path).toEqual({
      code: expect.any(Number),
      message: expect.any(String),
      request_id: expect.any(String),
    });
    expect(answer.headers.get('x-request-id')).toBe(text.request_id);
    return [answer.status, answer.headers.get('x-sluice-fault'), answer.headers.get('x-sluice-split')];
  };
  const path = '/kling/v1/videos/text2video';

  it('caller, upstream, key', async () => {
    await world.share('kling', 1);
    expect(await said(path, 'nobody')).toEqual([401, 'caller', 'kling']);
    expect(await said(`${path}/of-another`, callerKeys[0], 'GET')).toEqual([404, 'caller', 'kling']);
    expect(await said('/kling/a%2fb')).toEqual([400, 'caller', 'kling']);
    world.sandbox.kling.control({ reset: true });
    expect(await said(path)).toEqual([504, 'upstream', 'kling']);
    world.sandbox.kling.restore();
    world.sandbox.kling.control({ unauthorized: true });
    expect(await said(path)).toEqual([502, 'key', 'kling']);
  });

  it('split, provider', async () => {
    const { sql } = world.database;
    const dark = { dialect: 'kling', auth: { scheme: 'kling-jwt' } };
    await addProvider(sql, 'keyless', 'http://127.0.0.1:9', dark);
    const arms = { old: ['keyless', null], new: ['keyless', null] } as const;
    const dim = { kind: 'relay', hasJobs: true, arms, weights: null } as const;
    await addSplit(sql, { ...dim, key: 'DIM_WEIGHTS', slug: 'dim', prefixes: ['/dim'], policy: false });
    await addSplit(sql, { ...dim, key: 'DARK_WEIGHTS', slug: 'dark', prefixes: ['/dark'] });
    const asked = (slug: string) => said(`/${slug}/v1/videos/text2video`).catch(() => []);
    // Before its process knows all that was written, it is refused for other reasons.
    await eventually(
      () => asked('dark'),
      ([status, fault]) => status === 503 && fault === 'provider',
      20_000,
    );
    expect(await asked('dim')).toEqual([503, 'split', 'dim']);
    expect(await asked('dark')).toEqual([503, 'provider', 'dark']);
    // What only asks is put to the baseline, which nobody reaches.
    expect(await said('/dark/v1/other', callerKeys[0], 'GET')).toEqual([502, 'provider', 'dark']);
  });
});
