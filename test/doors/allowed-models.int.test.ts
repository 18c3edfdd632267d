import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CallerStore, callerStore } from '@/lib/registry/callers/caller-store';
import { addCaller, changeCaller } from '@/lib/registry/callers/callers';
import { addSplit } from '@/test/gateway/splits/add-split';
import { eventually } from '@/test/support/eventually';
import { type RelayedWorld, relayedWorld } from '@/test/support/relayed-world';

let world: RelayedWorld;
let store: CallerStore;
let key: string;
const held = ['flux-schnell', 'kling-v1*', 'kling-2.5-*', 'gen3a_*'];

const send = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
  const sent = { authorization: `Bearer ${key}`, ...headers };
  const answer =
    body === undefined
      ? await fetch(world.plane.url + path, { headers: sent })
      : await world.plane.post(path, body, sent);
  return { status: answer.status, fault: answer.headers.get('x-sluice-fault'), text: await answer.text() };
};
const made = () => world.sandbox.aggregator.counters().inference ?? 0;
const images = () => world.plane.sandbox.counters('fal').inference ?? 0;

beforeAll(async () => {
  world = await relayedWorld();
  const { sql } = world.database;
  store = callerStore(sql);
  await addSplit(sql, {
    ...{ key: 'FILM_WEIGHTS', slug: 'film', kind: 'job', weights: { old: 1, new: 0 } },
    arms: { old: ['fal', null], new: ['fal', 'kling-2.1-master'] },
  });
  await addSplit(sql, {
    ...{ key: 'SHOW_WEIGHTS', slug: 'show', kind: 'job', weights: { old: 1, new: 0 } },
    arms: { old: ['fal', null], new: ['fal', null] },
  });
  const wanted = { name: 'shop', scopes: ['generate', 'relay'], prefixes: [], ratePerMinute: null, validSeconds: null };
  ({ key } = await addCaller(store, { ...wanted, models: held }, 'cli:test'));
  const isKnown = async () => (await send('/api/jobs?limit=1', undefined)).status;
  await eventually(isKnown, (status) => status === 200, 10_000);
});
afterAll(() => world.close());

describe('a caller that is held to some models', () => {
  const film = { model_name: 'kling-v1-6', prompt: 'a boat' };
  const video = { promptText: 'a boat', ratio: '1280:768' };
  const path = '/kling/v1/videos/text2video';

  it('begins jobs of a relay by those alone, as the body says them', async () => {
    const before = made();
    expect(await send(path, film)).toMatchObject({ status: 200 });
    expect(await send('/runway/v1/image_to_video', { ...video, model: 'gen3a_turbo' })).toMatchObject({ status: 200 });
    expect(made()).toBe(before + 2);
  });

  it.each([
    ['/kling/v1/videos/text2video', { ...film, model_name: 'kling-v2' }, 'may not ask for the model kling-v2'],
    // Whichever of the two is read there.
    ['/kling/v1/videos/text2video', { ...film, model: 'kling-v2' }, 'may not ask for the model kling-v2'],
    ['/kling/v1/videos/text2video', { prompt: 'a boat' }, 'names none at /model_name or /model'],
    ['/kling/v1/videos/text2video', { ...film, Model_Name: 'kling-v2' }, '/model_name of its body must be a text'],
    ['/kling/v1/videos/text2video', { ...film, model: { a: 1 } }, '/model of its body must be a text'],
    ['/runway/v1/image_to_video', { ...video, model: 'gen4_turbo' }, 'it may ask for flux-schnell, kling-v1*'],
    ['/runway/v1/uploads', { filename: 'a.png' }, 'is written in no rule of runway'],
  ])('%s %j is refused before a byte is sent', async (at, body, sentence) => {
    const before = made();
    const said = await send(at, body);
    expect(said).toMatchObject({ status: 403, fault: 'caller', text: expect.stringContaining(sentence) });
    // As clients of its dialect read it.
    expect(JSON.parse(said.text)).toHaveProperty(at.startsWith('/kling') ? 'message' : 'error');
    expect(made()).toBe(before);
  });

  it('begins jobs by a form that names one of those, byte by byte, and by no other', async () => {
    const sentForm = async (model: string) => {
      const form = new FormData();
      form.set('model_name', model);
      form.set('image', new Blob([Buffer.alloc(70_000, 'x')]), 'a.png');
      const answer = await fetch(world.plane.url + path, {
        ...{ method: 'POST', body: form, headers: { authorization: `Bearer ${key}` } },
      });
      return [answer.status, await answer.text()] as const;
    };
    const before = made();
    expect(await sentForm('kling-v2')).toEqual([403, expect.stringContaining('may not ask for the model kling-v2')]);
    expect(made()).toBe(before);
    // The vendor that is played wants JSON, and says so: it was sent on.
    expect(await sentForm('kling-v1-6')).toEqual([expect.any(Number), expect.not.stringContaining('Nothing was sent')]);
  });

  it('is refused JSON that another reader could take for a form, in the words of its dialect', async () => {
    const before = made();
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const said = await send(path, { ...film, x: '&model_name=kling-v2&' }, type);
    expect(said).toMatchObject({ status: 415, fault: 'caller' });
    expect(JSON.parse(said.text)).toMatchObject({
      code: expect.any(Number),
      message: expect.stringContaining('application/json'),
    });
    expect(made()).toBe(before);
  });

  it('waits for the room of a large body, and is told to come again where there is none', async () => {
    const { heldRequests, generate } = world.plane.runtime.dataPlane;
    const large = { ...film, image: 'a'.repeat(99_999) };
    // Where nothing is said of how long a job takes, its create is answered at once.
    world.sandbox.aggregator.control({ latencyMs: 200, jobMs: 0 });
    const held = () => heldRequests.held;
    const seen: number[] = [];
    const watch = setInterval(() => seen.push(held()), 5);
    const asked = await send(path, large);
    clearInterval(watch);
    expect(asked).toMatchObject({ status: 200 });
    expect(Math.max(...seen)).toBeGreaterThan(3 * 99_999);
    expect(Math.max(...seen)).toBeLessThan(4 * 99_999);
    world.sandbox.aggregator.control({ latencyMs: 0, jobMs: null });
    expect(held()).toBe(0);
    const all = await heldRequests.take(heldRequests.most, generate.startDeadline(1000).signal);
    const before = made();
    const headers = { authorization: `Bearer ${key}` };
    const refused = await world.plane.post(path, large, headers);
    const { status, headers: said } = refused;
    expect([status, said.get('retry-after'), said.get('x-sluice-fault')]).toEqual([503, '5', 'provider']);
    expect(await refused.json()).toMatchObject({ message: expect.stringContaining('The body was not read') });
    expect(made()).toBe(before);
    expect(await send(path, film)).toMatchObject({ status: 200 });
    all?.free();
    expect(held()).toBe(0);
  });

  it('is refused a body that cannot be read, and asks for its jobs as ever', async () => {
    expect(await send(path, '{"model_name":')).toMatchObject({ status: 400, fault: 'caller' });
    const made = JSON.parse((await send(path, film)).text);
    expect(await send(`${path}/${made.data.task_id}`, undefined)).toMatchObject({ status: 200 });
  });

  it.each([
    ['/api/generate', { prompt: 'a', model: 'flux-dev' }, 'flux-dev'],
    ['/v1/images/generations', { prompt: 'a', model: 'fal-ai/flux/dev' }, 'flux-dev'],
    ['/fal/run/fal-ai/flux/dev', { prompt: 'a' }, 'flux-dev'],
    ['/fal/run/some/other', { prompt: 'a' }, 'some/other'],
    ['/fal/queue/some/other', { prompt: 'a' }, 'some/other'],
    ['/api/jobs', { prompt: 'a', model: 'kling-2.1-master', split: 'show' }, 'kling-2.1-master'],
    // One of its arms makes another, whatever is asked for.
    ['/api/jobs', { prompt: 'a', model: 'kling-2.5-turbo-pro', split: 'film' }, 'kling-2.1-master'],
    ['/v1/videos', { prompt: 'a', model: 'kling-2.1-master' }, 'kling-2.1-master'],
  ])('%s %j is refused at its door, too', async (at, body, model) => {
    const before = images();
    const headers: Record<string, string> = at === '/v1/videos' ? { 'x-sluice-split': 'show' } : {};
    const said = await send(at, body, headers);
    expect(said).toMatchObject({ status: 403, fault: 'caller' });
    expect(said.text).toContain(`may not ask for the model ${model}`);
    expect(images()).toBe(before);
  });

  it('gets what it may, and is shown no other', async () => {
    expect(await send('/api/generate', { prompt: 'a' })).toMatchObject({ status: 200 });
    expect(await send('/api/jobs', { prompt: 'a', model: 'kling-2.5-turbo-pro', split: 'show' })).toMatchObject({
      status: 202,
    });
    const listed = JSON.parse((await send('/v1/models', undefined)).text);
    expect(listed.data.map(({ id }: { id: string }) => id)).toEqual([
      'flux-schnell',
      'kling-2.5-turbo-pro',
      'kling-2.5-turbo-pro-image-to-video',
    ]);
    expect(await send('/v1/models/flux-dev', undefined)).toMatchObject({ status: 404 });
  });

  it('may ask for all again at once, and for nothing that no list can hold', async () => {
    await expect(changeCaller(store, 'shop', { models: ['flux schnell'] }, 'cli:test')).rejects.toThrow(
      'is no model; one is a name',
    );
    await expect(changeCaller(store, 'nobody', {}, 'cli:test')).rejects.toThrow('There is no caller nobody');
    await changeCaller(store, 'shop', { models: [] }, 'cli:test');
    const asked = async () => (await send(path, { ...film, model_name: 'kling-v2' })).status;
    await eventually(asked, (status) => status === 200, 10_000);
  });
});
