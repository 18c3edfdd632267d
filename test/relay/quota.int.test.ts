import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { relayOptions } from '@/lib/gateway/providers/relay/options';
import { callerStore } from '@/lib/registry/callers/caller-store';
import { addCaller } from '@/lib/registry/callers/callers';
import type { Quota } from '@/lib/registry/quota';
import { spendingStore } from '@/lib/registry/spending-store';
import { eventually } from '@/test/support/eventually';
import { addProvider, PlayedVendor } from '@/test/support/relay-world';
import { addRelay, type RelayedWorld, relayedWorld } from '@/test/support/relayed-world';

describe('what a caller may spend through a relay', () => {
  let world: RelayedWorld;
  let key: string;
  const wanted = { model: 'gen4_turbo', promptImage: 'https://a.test/a.png', promptText: 'a boat', ratio: '1280:720' };
  const ask = async (method: string, path: string, body?: object, under = '/runway/v1') => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${world.plane.url}${under}${path}`, { method, headers, ...sent });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
  };
  const make = () => ask('POST', '/image_to_video', wanted);
  const creates = () => world.sandbox.aggregator.counters().inference ?? 0;
  const limit = async (of: 'callers' | 'splits', jobs: Quota['jobs'] = {}) => {
    const { sql } = world.database;
    const quota = JSON.stringify({ jobs });
    if (of === 'callers') await sql`update sluice.callers set quota = ${quota}::text::jsonb where name = 'shop'`;
    else await sql`update sluice.splits set quota = ${quota}::text::jsonb where slug = 'runway'`;
  };
  const today = async () => (await spendingStore(world.database.sql).ofCaller('shop')).today;

  beforeAll(async () => {
    world = await relayedWorld();
    const { sql } = world.database;
    const said = { name: 'shop', scopes: ['relay'], prefixes: [], ratePerMinute: null, validSeconds: null };
    ({ key } = await addCaller(callerStore(sql), { ...said, quota: { jobs: { in_flight: 2 } } }, 'cli:test'));
    await sql`update sluice.providers set options = options || '{"usd_per_create": 0.5}' where name = 'gathered'`;
    await eventually(
      async () => (await ask('GET', '/organization')).status,
      (status) => status === 200,
      10_000,
    );
    const option = () => world.plane.runtime.dataPlane.generate.lanes.get('gathered')?.provider.streams?.options;
    await eventually(option, (now) => now?.usdPerCreate === 0.5, 10_000);
  });
  beforeEach(() => {
    world.sandbox.aggregator.restore();
    world.sandbox.aggregator.control({ latencyMs: 0, jobMs: 0, jobNeverEnds: true });
  });
  afterAll(() => world.close());

  it('is held by creates and never by polls, and given back when a job is cancelled or fails', async () => {
    const [one, two] = [(await make()).body.id, (await make()).body.id];
    const before = creates();
    const third = await make();
    expect([third.status, third.headers.get('x-sluice-fault'), third.headers.get('retry-after')]).toEqual([
      ...[429, 'caller', '5'],
    ]);
    expect(third.body).toMatchObject({ code: 'quota-reached', error: expect.stringContaining('2 jobs in flight') });
    for (const id of [one, two, one]) expect((await ask('GET', `/tasks/${id}`)).status).toBe(200);
    expect((await ask('GET', '/organization')).status).toBe(200);
    expect(creates()).toBe(before);
    expect(await today()).toMatchObject({ begun: 2, in_flight: 2, held_usd: 1, spent_usd: 0 });

    await ask('DELETE', `/tasks/${one}`);
    await ask('GET', `/tasks/${one}`);
    await expect.poll(today).toMatchObject({ in_flight: 1, held_usd: 0.5 });
    world.sandbox.aggregator.control({ jobNeverEnds: false, jobFails: 1 });
    const failing = (await make()).body.id;
    expect((await ask('GET', `/tasks/${failing}`)).body.status).toBe('FAILED');
    // The vendor says that nothing was charged.
    await expect.poll(today).toMatchObject({ begun: 3, in_flight: 1, held_usd: 0.5, spent_usd: 0 });
  });

  it('is what the vendor says it cost at its end, and refuses what would be more, whoever asks', async () => {
    await limit('callers');
    await limit('splits', { spend_per_day_usd: 1.5 });
    world.sandbox.aggregator.control({ jobNeverEnds: false });
    const { id } = (await make()).body;
    const held = await today();
    expect((await ask('GET', `/tasks/${id}`)).body.status).toBe('SUCCEEDED');
    await expect.poll(today).toMatchObject({ held_usd: held.held_usd - 0.5, spent_usd: held.spent_usd + 0.25 });
    let last = await make();
    for (let n = 0; last.status === 200 && n < 9; n += 1) last = await make();
    expect([last.status, last.headers.get('x-sluice-fault')]).toEqual([429, 'split']);
    const { begun } = await today();
    // An order that was refused took no place.
    await make();
    expect((await today()).begun).toBe(begun);
    const own = await fetch(`${world.plane.url}/api/quota`, { headers: { authorization: `Bearer ${key}` } });
    expect(await own.json()).toMatchObject({ caller: 'shop', today: { begun } });
    const listed = await spendingStore(world.database.sql).list(10);
    expect(listed.map(({ of, name }) => `${of} ${name}`)).toEqual(
      expect.arrayContaining(['caller shop', 'split runway']),
    );
  });

  it('is held by what is made of another job as by a create, and is spent where the vendor names no cost', async () => {
    await limit('callers');
    const { sql } = world.database;
    const vendor = await PlayedVendor.start();
    let made = 0;
    vendor.serve = ({ method, url }, response) => {
      const id = method === 'POST' ? `video_${++made}` : url?.split('/').at(-1);
      const status = method === 'POST' ? 'queued' : 'completed';
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ id, status }));
    };
    const options = { dialect: 'openai-videos', auth: { scheme: 'none' }, usd_per_create: 0.5 };
    await addProvider(sql, 'films', vendor.url, options);
    await addRelay(sql, world.plane, { key: 'FILMS_WEIGHTS', slug: 'films', old: 'films', fresh: 'films' });
    const film = (method: string, path: string, body?: object) => ask(method, path, body, '/films/v1/videos');
    const remix = () => film('POST', '/video_1/remix', { prompt: 'a red boat' });
    const before = await today();
    const used = before.spent_usd + before.held_usd + before.unknown_usd;
    await limit('callers', { spend_per_day_usd: used + 1 });
    expect([(await film('POST', '', { model: 'sora-2' })).status, (await remix()).body.id]).toEqual([200, 'video_2']);
    expect((await today()).held_usd).toBe(before.held_usd + 1);
    const refused = await remix();
    expect([refused.status, refused.headers.get('x-sluice-fault'), made]).toEqual([429, 'caller', 2]);
    expect((await film('GET', '/video_2')).body.status).toBe('completed');
    await expect.poll(today).toMatchObject({ held_usd: before.held_usd + 0.5, spent_usd: before.spent_usd + 0.5 });
    expect((await remix()).status).toBe(429);
    // Drawn by no split, it counts for the caps of its split; so does what is made of it.
    await limit('callers');
    const cap = (jobs: Quota['jobs']) =>
      sql`update sluice.splits set quota = ${JSON.stringify({ jobs })}::text::jsonb where slug = 'films'`;
    await cap({ creates_per_day: 2 });
    const over = await remix();
    expect([over.status, over.headers.get('x-sluice-fault'), made]).toEqual([429, 'split', 2]);
    await cap({ creates_per_day: 4, spend_per_day_usd: 2 });
    const further = async () => (await film('POST', '/video_2/remix', { prompt: 'a green boat' })).status;
    expect([await further(), await further(), await further(), made]).toEqual([200, 200, 429, 4]);
    await vendor.close();
  });

  it('is a question only where a create can be told', async () => {
    const { sql } = world.database;
    const refused = (work: Promise<unknown>) => expect(work).rejects.toThrow;
    await refused(
      sql`update sluice.callers set scopes = '{events}', quota = '{"jobs": {"in_flight": 1}}' where name = 'shop'`,
    )(/neither "generate" nor "relay"/);
    await refused(
      sql`update sluice.providers set options = options || '{"usd_per_create": -1}' where name = 'gathered'`,
    )(/usd_per_create is -1; it must be a number of US dollars/);
    await refused(
      sql`update sluice.providers set options = options || '{"usd_per_create": null}' where name = 'gathered'`,
    )(/usd_per_create is null; it must be a number of US dollars/);
    expect(relayOptions({ usd_per_create: null })).toMatch(/^options.usd_per_create /);
    expect(relayOptions({})).toMatchObject({ usdPerCreate: null });
    await sql`
      insert into sluice.providers (name, adapter, label, base_url, options)
      values ('plain', 'relay', 'Plain', 'http://127.0.0.1:1', '{"dialect": "generic", "private": true}')`;
    await sql`insert into sluice.splits (key, slug, kind, label) values ('PLAIN_WEIGHTS', 'plain', 'relay', 'Plain')`;
    await sql`insert into sluice.arms (split, name, provider) values ('PLAIN_WEIGHTS', 'a', 'plain')`;
    await refused(sql`update sluice.splits set quota = '{"jobs": {"in_flight": 1}}' where slug = 'plain'`)(
      /and in its dialect, generic, nothing is a job/,
    );
    await sql`
      insert into sluice.splits (key, slug, kind, label, quota)
      values ('CAPPED_WEIGHTS', 'capped', 'relay', 'Capped', '{"jobs": {"in_flight": 1}}')`;
    const armed = (provider: string) =>
      sql`insert into sluice.arms (split, name, provider) values ('CAPPED_WEIGHTS', 'a', ${provider})`;
    const advice = /CAPPED_WEIGHTS has caps on jobs; lift them first: `sluice splits limit capped`/;
    await refused(armed('plain'))(advice);
    await sql`
      insert into sluice.providers (name, adapter, label, base_url, options)
      values ('filmed', 'relay', 'F', 'http://127.0.0.1:1', '{"dialect": "suno", "private": true}')`;
    await armed('filmed');
    const plainly = sql`update sluice.providers set options = options || '{"dialect": "generic"}' where name = 'filmed'`;
    await refused(plainly)(advice);
    // What it is, it may be written as again.
    await sql`update sluice.splits set label = 'As before' where slug = 'capped'`;
  });
});
