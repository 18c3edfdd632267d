import OpenAI, { type APIError, toFile } from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestDataPlane, testDataPlane } from '@/test/support/data-plane';
import { type TestDatabase, testDatabase } from '@/test/support/database';
import { addVideoSplit, share } from '@/test/support/video-split';

const keys = ['a-key-of-a-studio-1', 'a-key-of-another-2'] as const;
const vendors = ['fal', 'runware'] as const;
let database: TestDatabase;
let plane: TestDataPlane;
let client: OpenAI;
let stranger: OpenAI;

beforeAll(async () => {
  database = await testDatabase();
  await addVideoSplit(database.sql);
  plane = await testDataPlane({ env: { DATABASE_URL: database.url, SLUICE_API_KEYS: keys.join(',') } });
  const at = (apiKey: string, maxRetries = 2) => new OpenAI({ baseURL: `${plane.url}/v1`, apiKey, maxRetries });
  [client, stranger] = [at(keys[0]), at(keys[1], 0)];
});
afterAll(async () => {
  await plane.close();
  await database.close();
});
beforeEach(async () => {
  for (const name of vendors) {
    plane.sandbox.restore(name);
    plane.sandbox.control(name, { latencyMs: 0, jobMs: 1200 });
  }
  await share(database.sql, plane, { old: 0.5, new: 0.5 });
});

const film = { model: 'film', prompt: 'a lock gate at dawn' } as const;
const ended = async (id: string) => {
  for (let tries = 0; tries < 100; tries += 1) {
    const { data, response } = await client.videos.retrieve(id).withResponse();
    if (data.status === 'completed' || data.status === 'failed') return data;
    expect(['queued', 'in_progress']).toContain(data.status);
    expect(Number(response.headers.get('openai-poll-after-ms'))).toBeGreaterThanOrEqual(1000);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`the video ${id} did not end`);
};
const failing = (promise: Promise<unknown>) =>
  promise.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => error as APIError,
  );
const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(plane.url + path, { headers: { authorization: `Bearer ${keys[0]}`, ...headers } });
const creates = () => vendors.reduce((sum, name) => sum + plane.sandbox.jobs(name).length, 0);

describe('videos of the openai client', () => {
  it('are made by both arms, asked for and downloaded, as a part too', async () => {
    for (const arm of ['old', 'new'] as const) {
      await share(database.sql, plane, { old: arm === 'old' ? 1 : 0, new: arm === 'new' ? 1 : 0 });
      const { data: made, response } = await client.videos
        .create({ ...film, seconds: '10' as never, size: '1280x720' })
        .withResponse();
      expect(response.headers.get('x-sluice-arm')).toBe(arm);
      expect(made).toMatchObject({ object: 'video', status: 'queued', progress: 0, seconds: '10', size: '1280x720' });
      expect(made).toMatchObject({ model: 'film', prompt: film.prompt, error: null, remixed_from_video_id: null });
      expect(made.id).toMatch(/^video_[0-9a-f]{32}$/);
      const done = await ended(made.id);
      expect(done).toMatchObject({ status: 'completed', progress: 100, seconds: '10' });
      expect(done.completed_at).toBeGreaterThanOrEqual(done.created_at);
      const content = await client.videos.downloadContent(made.id);
      expect(content.headers.get('content-type')).toBe('video/mp4');
      const bytes = Buffer.from(await content.arrayBuffer());
      expect(bytes.toString('latin1', 4, 8)).toBe('ftyp');
      const part = await get(`/v1/videos/${made.id}/content`, { range: 'bytes=4-7' });
      // A vendor that knows no ranges answers with the whole.
      const whole = part.status === 200 ? bytes : bytes.subarray(4, 8);
      expect(Buffer.from(await part.arrayBuffer()).equals(whole)).toBe(true);
      const odd = await get(`/v1/videos/${made.id}/content`, { range: 'lines=1-2' });
      expect([odd.status, (await odd.arrayBuffer()).byteLength]).toEqual([200, bytes.length]);
    }
  });

  it('may begin with a picture: a file, or an address, or JSON', async () => {
    const png = Buffer.from('89504e470d0a1a0a0000000d49484452000000400000004008060000000000000000', 'hex');
    const uri = `data:image/png;base64,${png.toString('base64')}`;
    await share(database.sql, plane, { old: 1, new: 0 });
    const file = await toFile(png, 'boat.bin', { type: 'application/octet-stream' });
    const made = await client.videos.create({ ...film, model: 'film-of', input_reference: file });
    expect(plane.sandbox.lastBody('fal')).toMatchObject({ image_url: uri });
    expect((await client.videos.retrieve(made.id)).status).toMatch(/queued|in_progress/);
    await client.videos.create({ ...film, model: 'film-of', input_reference: { image_url: uri } });
    expect(plane.sandbox.lastBody('fal')).toMatchObject({ image_url: uri });
    const body = { ...film, model: 'film-of', seconds: 10, input_reference: { image_url: uri } };
    const json = await plane.post('/v1/videos', body, { authorization: `Bearer ${keys[0]}` });
    expect([json.status, plane.sandbox.lastBody('fal')]).toMatchObject([200, { image_url: uri, duration: '10' }]);
  });

  it('are listed by page in either order, deleted, and no one else’s', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 3; i += 1) ids.push((await client.videos.create({ ...film, prompt: `number ${i}` })).id);
    for (const id of ids) await ended(id);
    const newest: string[] = [];
    for await (const video of client.videos.list({ limit: 2 })) newest.push(video.id);
    expect(newest.slice(0, 3)).toEqual([...ids].reverse());
    const oldest: string[] = [];
    for await (const video of client.videos.list({ limit: 2, order: 'asc' })) oldest.push(video.id);
    expect(oldest).toEqual([...newest].reverse());
    const page = await client.videos.list({ limit: 1 });
    expect(page).toMatchObject({ data: [{ id: ids[2] }], has_more: true, last_id: ids[2] });
    const [id = ''] = ids;
    for (const foreign of [
      () => stranger.videos.retrieve(id),
      () => stranger.videos.delete(id),
      () => stranger.videos.downloadContent(id),
      () => stranger.videos.remix(id, { prompt: 'x' }),
      () => client.videos.retrieve('video_nonsense'),
      () => client.videos.retrieve(`video_${'0'.repeat(32)}`),
    ]) {
      expect(await failing(foreign())).toMatchObject({ status: 404, code: 'unknown_video' });
    }
    expect((await stranger.videos.list()).data).toEqual([]);
    expect(await client.videos.delete(id)).toEqual({ id, object: 'video.deleted', deleted: true });
    expect(await failing(client.videos.retrieve(id))).toMatchObject({ status: 404 });
  });

  it('are remixed by the arm that made them', async () => {
    await share(database.sql, plane, { old: 0.5, new: 0.5 });
    const { data: made, response } = await client.videos
      .create({ ...film, seconds: '10' as never, size: '720x1280' })
      .withResponse();
    expect(await failing(client.videos.remix(made.id, { prompt: 'x' }))).toMatchObject({
      ...{ status: 400, code: 'video_not_completed' },
    });
    await ended(made.id);
    const arm = response.headers.get('x-sluice-arm');
    for (let i = 0; i < 4; i += 1) {
      const again = await client.videos.remix(made.id, { prompt: 'at dusk' }).withResponse();
      expect(again.data).toMatchObject({ prompt: 'at dusk', seconds: '10', size: '720x1280', model: 'film' });
      expect(again.data.remixed_from_video_id).toBe(made.id);
      expect(again.response.headers.get('x-sluice-pinned')).toBe(`${arm}; remix_of`);
    }
    const other = { old: arm === 'old' ? 0 : 1, new: arm === 'new' ? 0 : 1 };
    await share(database.sql, plane, other);
    const moved = await client.videos.remix(made.id, { prompt: 'at noon' }).withResponse();
    expect(moved.response.headers.get('x-sluice-arm')).not.toBe(arm);
  });

  it('are begun once where no answer came, whatever the client does by itself', async () => {
    await share(database.sql, plane, { old: 1, new: 0 });
    plane.sandbox.control('fal', { jobBadGateway: true });
    const before = creates();
    const error = await failing(client.videos.create(film));
    expect(error).toMatchObject({ status: 504, code: 'job_outcome_unknown' });
    expect(creates()).toBe(before + 1);
    const [, id = ''] = /(video_[0-9a-f]{32})/.exec(error.message) ?? [];
    expect((await client.videos.retrieve(id)).status).toBe('queued');
  });

  it('say why there are none: still at work, failed, or kept no more', async () => {
    await share(database.sql, plane, { old: 1, new: 0 });
    plane.sandbox.control('fal', { jobMs: 600_000 });
    const slow = await client.videos.create(film);
    expect(await failing(client.videos.downloadContent(slow.id))).toMatchObject({
      ...{ status: 404, code: 'video_not_completed' },
    });
    expect(await failing(client.videos.delete(slow.id))).toMatchObject({ status: 409, code: 'video_running' });
    expect(await ended(slow.id)).toMatchObject({ status: 'failed', error: { code: 'cancelled' } });
    plane.sandbox.control('fal', { jobMs: 0, jobFails: true });
    const failed = await ended((await client.videos.create(film)).id);
    expect(failed).toMatchObject({
      status: 'failed',
      error: { code: expect.any(String), message: expect.any(String) },
    });
    plane.sandbox.control('fal', { jobFails: false, jobDeadLink: true });
    const dead = await ended((await client.videos.create(film)).id);
    expect(dead.status).toBe('completed');
    const gone = await failing(client.videos.downloadContent(dead.id));
    expect(gone).toMatchObject({ status: 410, code: 'video_expired' });
    expect(gone.message).toMatch(/fal keeps the video .* no more: its link answered 40[14]/);
    const none = await failing(client.videos.downloadContent(dead.id, { variant: 'thumbnail' }));
    expect(none).toMatchObject({ status: 404, code: 'no_such_variant' });
  });

  it('are refused by the names that the client wrote, before anybody is asked', async () => {
    const before = creates();
    const refused = async (body: object) => {
      const { status, param } = await failing(client.videos.create({ ...film, ...body } as never));
      return [status, param];
    };
    expect(await refused({ seconds: '12' })).toEqual([422, 'seconds']);
    expect(await refused({ seconds: 'long' })).toEqual([422, 'seconds']);
    expect(await refused({ size: '1792x1024' })).toEqual([422, 'size']);
    expect(await refused({ size: 'wide' })).toEqual([422, 'size']);
    expect(await refused({ input_reference: { image_url: 'https://169.254.169.254/a.png' } })).toEqual([
      422,
      'input_reference',
    ]);
    expect(await refused({ input_reference: { file_id: 'file-1' } })).toEqual([422, 'input_reference']);
    expect(await refused({ sparkle: 'yes' })).toEqual([422, 'sparkle']);
    expect(await refused({ duration: 5 })).toEqual([422, 'seconds']);
    expect(await refused({ model: 'sora-9' })).toEqual([422, 'model']);
    expect(creates()).toBe(before);
    expect((await failing(client.videos.list({ after: 'video_1' }))).status).toBe(422);
    expect(await failing(client.videos.edit({ prompt: 'x', video: { id: 'x' } }))).toMatchObject({ status: 501 });
  });

  it('are read from no form that is none, nor from one without end', async () => {
    const before = creates();
    const post = async (type: string, body: string) => {
      const headers = { authorization: `Bearer ${keys[0]}`, 'content-type': type };
      const answer = await fetch(`${plane.url}/v1/videos`, { method: 'POST', headers, body });
      return [answer.status, ((await answer.json()) as { error: { code: string } }).error.code];
    };
    const part = (name: string) => `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\nx\r\n`;
    expect(await post('multipart/form-data', part('prompt'))).toEqual([400, 'malformed_form']);
    const many = Array.from({ length: 10_000 }, (_, n) => part(`f${n}`)).join('');
    expect(await post('multipart/form-data; boundary=b', `${many}--b--\r\n`)).toEqual([413, 'too_large']);
    expect(await post('multipart/form-data; boundary=b', part('prompt'))).toEqual([400, 'malformed_form']);
    const twice = `${part('prompt')}${part('prompt')}--b--\r\n`;
    expect(await post('multipart/form-data; boundary=b', twice)).toEqual([422, 'request_invalid']);
    expect(creates()).toBe(before);
  });
});
