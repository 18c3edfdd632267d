import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keptOf, type Meaning } from '@/lib/relay/dialect';
import { dialectCalled } from '@/lib/relay/dialects/dialects';
import { bodyUse, meaningOf } from '@/lib/relay/meaning';
import { modelOf } from '@/lib/relay/model-of';

const meaning = (name: string, request: string, body?: unknown): Meaning => {
  const dialect = dialectCalled(name);
  if (!dialect) throw new Error(name);
  const [method = '', target = ''] = request.split(' ');
  const [path = '', query = ''] = target.split('?');
  return meaningOf(dialect, method, path, new URLSearchParams(query), () => body);
};

const told = (made: Meaning) => {
  if (made.kind === 'job') return { does: made.rule.does, ids: made.ids };
  if (made.kind === 'create') return { create: made.captures };
  return made.kind;
};

const uuid = '0d0d3f2a-2f4b-4f0e-9f5c-1d2c3b4a5968';
const job = (does: string, ...ids: string[]) => ({ does, ids });

describe('what a request means', () => {
  it.each([
    ['runway', 'POST /v1/image_to_video', { model: 'gen4_turbo' }, { create: {} }],
    ['runway', `GET /v1/tasks/${uuid}`, undefined, job('status', uuid)],
    ['runway', `DELETE /v1/tasks/${uuid}`, undefined, job('cancel', uuid)],
    ['runway', 'GET /v1/organization', undefined, 'free'],
    ['runway', 'GET /v1/tasks', undefined, 'list'],
    ['runway', 'POST /pro/generate', {}, { create: {} }],
    ['runway', 'POST /feed', { ids: ['a', 'b', 'a'] }, job('status', 'a', 'b')],
    ['runway', 'POST /feed', { task_id: 'a' }, job('status', 'a')],
    ['runway', 'POST /feed', {}, 'unclear'],
    ['runway', `HEAD /v1/tasks/${uuid}`, undefined, job('other', uuid)],
    ['kling', 'POST /v1/videos/image2video', {}, { create: { type: 'image2video' } }],
    ['kling', 'GET /v1/videos/image2video/831', undefined, job('status', '831')],
    ['kling', 'GET /v1/videos/text2video?pageNum=1', undefined, 'list'],
    ['kling', 'DELETE /v1/videos/text2video/831', undefined, job('other', '831')],
    ['kling', 'POST /v1/images/editing/expand', undefined, { create: { type: 'expand' } }],
    ['kling', 'GET /v1/videos/avatar/image2video/831', undefined, job('status', '831')],
    ['kling', 'POST /v1/videos/multi-elements/init-selection', undefined, 'free'],
    ['runway', `GET /v1/workflow_invocations/${uuid}`, undefined, job('status', uuid)],
    ['pika', 'POST /generate/2.2/i2v', undefined, { create: { version: '2.2', mode: 'i2v' } }],
    ['pika', `GET /videos/${uuid}`, undefined, job('status', uuid)],
    ['jimeng', 'POST /?Action=CVSync2AsyncSubmitTask&Version=2022-08-31', { req_key: 'jimeng_t2v' }, { create: {} }],
    ['jimeng', 'POST /?Action=CVSync2AsyncGetResult&Version=2022-08-31', { task_id: '739' }, job('status', '739')],
    ['jimeng', 'POST /?Action=CVProcess&Version=2022-08-31', { task_id: '739' }, 'free'],
    ['jimeng', 'POST /contents/generations/tasks', { model: 'seedance' }, { create: {} }],
    ['jimeng', 'GET /contents/generations/tasks/cgt-1', undefined, job('status', 'cgt-1')],
    ['jimeng', 'DELETE /contents/generations/tasks/cgt-1', undefined, job('cancel', 'cgt-1')],
    ['suno', 'POST /submit/music', {}, { create: { action: 'music' } }],
    ['suno', `GET /fetch/${uuid}`, undefined, job('status', uuid)],
    ['suno', 'POST /fetch', { ids: ['a', 'b'] }, job('status', 'a', 'b')],
    ['suno', 'POST /fetch', { ids: [] }, 'unclear'],
    ['aimlapi', 'POST /v2/video/generations', {}, { create: {} }],
    ['aimlapi', 'GET /v2/video/generations?generation_id=x%3A1', undefined, job('status', 'x:1')],
    ['aimlapi', 'GET /v2/video/generations', undefined, 'list'],
    [
      'fal-queue',
      'POST /fal-ai/veo3/fast?fal_webhook=x',
      {},
      { create: { owner: 'fal-ai', app: 'veo3', rest: '/fast' } },
    ],
    ['fal-queue', `GET /fal-ai/veo3/requests/${uuid}/status?logs=1`, undefined, job('status', uuid)],
    ['fal-queue', `GET /fal-ai/veo3/requests/${uuid}`, undefined, job('result', uuid)],
    ['fal-queue', `GET /fal-ai/veo3/fast/requests/${uuid}`, undefined, job('result', uuid)],
    ['fal-queue', `PUT /fal-ai/veo3/requests/${uuid}/cancel`, undefined, job('cancel', uuid)],
    ['fal-queue', 'POST /workflows/me/mine', {}, { create: { owner: 'me', app: 'mine', rest: '' } }],
    ['openai-videos', 'POST /v1/videos', undefined, { create: {} }],
    ['openai-videos', 'GET /v1/videos/video_1', undefined, job('status', 'video_1')],
    ['openai-videos', 'GET /v1/videos/video_1/content?variant=thumbnail', undefined, job('result', 'video_1')],
    ['openai-videos', 'POST /v1/videos/video_1/remix', {}, job('other', 'video_1')],
    ['openai-videos', 'POST /v1/videos/extensions', { video: { id: 'video_1' } }, job('other', 'video_1')],
    ['openai-videos', 'POST /videos/edits', { video: { file: 9 } }, { create: {} }],
    ['openai-videos', 'POST /v1/videos/characters', undefined, 'free'],
    ['openai-videos', 'GET /v1/videos?limit=2', undefined, 'list'],
    ['runware', 'POST /v1', [{ taskType: 'videoInference', deliveryMethod: 'async', taskUUID: uuid }], { create: {} }],
    ['runware', 'POST /v1', [{ taskType: 'getResponse', taskUUID: uuid }], job('status', uuid)],
    ['runware', 'POST /v1', [{ taskType: 'imageInference', taskUUID: uuid }], 'free'],
    ['generic', 'POST /v1/anything', {}, 'free'],
  ])('%s: %s %j', (name, request, body, expected) => {
    expect(told(meaning(name, request, body))).toEqual(expected);
  });

  it('is a create wherever the client of the vendor waits for a task', () => {
    const folder = dirname(createRequire(import.meta.url).resolve('@runwayml/sdk'));
    const files = readdirSync(join(folder, 'resources')).filter((name) => name.endsWith('.js'));
    const sources = files.map((name) => readFileSync(join(folder, 'resources', name), 'utf8')).join('');
    const waited = [...sources.matchAll(/wrapAsWaitable\w+\)\(this\._client\)\(this\._client\.post\('([^']+)'/g)];
    const paths = [...waited.map(([, path = '']) => path), '/v1/workflows/mine'];
    expect(paths.length).toBeGreaterThan(15);
    const others = paths.filter((path) => meaning('runway', `POST ${path}`).kind !== 'create');
    expect(others).toEqual([]);
  });

  it.each([
    ['runway', `GET /v1/tasks/${uuid}/`],
    ['runway', `GET /V1/tasks/${uuid}`],
    ['runway', `DELETE /v1/Tasks/${uuid}/`],
    ['runway', 'GET /v1/tasks/'],
    ['runway', 'POST /v1/image_to_video/'],
    ['kling', 'POST /v1/videos/text2video/'],
    ['kling', 'DELETE /v1/videos/text2video/831/'],
    ['fal-queue', `GET /fal-ai/veo3/requests/${uuid}/status/`],
    ['fal-queue', 'POST /Workflows/me/mine'],
    ['jimeng', 'POST /?Action=cvsync2asyncgetresult'],
    ['openai-videos', 'GET /v1/videos/video_1/Content'],
    ['runware', 'POST /v1/'],
  ])('%s: %s is nearly one of its addresses, and none', (name, request) => {
    expect(meaning(name, request, {})).toEqual({ kind: 'misspelt' });
  });

  const query = (taskUUID: unknown) => ({ taskType: 'getResponse', taskUUID });
  const film = { taskType: 'videoInference', deliveryMethod: 'async', taskUUID: uuid };
  it.each([
    ['runway', 'POST /feed', { ids: 'a' }, '/ids/*'],
    ['runway', 'POST /feed', { task_id: 'a', id: { b: 1 } }, '/id'],
    ['runway', 'POST /feed', { ids: ['a', 2 ** 60] }, '/ids/*'],
    ['runway', 'POST /feed', { task_id: 'a', Ids: ['b'] }, '/ids/*'],
    ['runway', 'POST /feed', ['a'], '/task_id'],
    ['suno', 'POST /fetch', undefined, 'names no job'],
    ['jimeng', 'POST /?Action=CVProcess&Action=CVSync2AsyncGetResult', { task_id: 'a' }, "'Action' more than once"],
    ['jimeng', 'POST /?action=CVSync2AsyncGetResult', { task_id: 'a' }, "'Action' just so"],
    ['aimlapi', 'GET /v2/video/generations?generation_id=a&Generation_Id=b', undefined, 'more than once'],
    ['openai-videos', 'POST /v1/videos/edits', { video: { id: 'a', ID: 'b' } }, '/video/id'],
    ['runware', 'POST /v1', film, '/*/taskType'],
    ['runware', 'POST /v1', [], 'a list of tasks'],
    ['runware', 'POST /v1', [film, film], 'each other task by itself'],
    ['runware', 'POST /v1', [query(uuid), film], 'each other task by itself'],
    ['runware', 'POST /v1', [query(uuid), { taskType: 'imageInference' }], 'each other task by itself'],
    ['runware', 'POST /v1', [query([uuid])], '/*/taskUUID'],
    ['runware', 'POST /v1', [{ taskType: 'videoInference', DeliveryMethod: 'async' }], '/*/deliveryMethod'],
  ])('%s: %s %j does not say plainly what it is', (name, request, body, why) => {
    expect(meaning(name, request, body)).toEqual({ kind: 'unclear', why: expect.stringContaining(why) });
  });

  it('asks for several jobs of a list', () => {
    expect(told(meaning('runware', 'POST /v1', [query('a'), query('b')]))).toEqual(job('status', 'a', 'b'));
  });

  it('asks for a body only where a rule of its address reads it', () => {
    const reads = (name: string, method: string, path: string, query = '', readsModel = false) => {
      const dialect = dialectCalled(name) ?? never();
      return bodyUse(dialect, { method, path, query: new URLSearchParams(query) }, readsModel).most;
    };
    expect(reads('runway', 'POST', '/v1/image_to_video')).toBe(0);
    expect(reads('runway', 'POST', '/feed')).toBe(256 * 1024);
    expect(reads('jimeng', 'POST', '/', 'Action=CVSync2AsyncSubmitTask')).toBe(16 * 1024 * 1024);
    expect(reads('jimeng', 'POST', '/', 'Action=CVProcess')).toBe(0);
    expect(reads('generic', 'POST', '/v1')).toBe(0);
    expect(reads('runway', 'POST', '/v1/image_to_video', '', true)).toBe(16 * 1024 * 1024);
    expect(reads('fal-queue', 'POST', '/fal-ai/veo3', '', true)).toBe(0);
  });

  it('does not take a body that cannot be read for one that asks nothing', () => {
    const dialect = dialectCalled('suno') ?? never();
    const unreadable = () => {
      throw new SyntaxError('cut off');
    };
    expect(meaningOf(dialect, 'POST', '/fetch', new URLSearchParams(), unreadable).kind).toBe('unclear');
    expect(meaningOf(dialect, 'POST', '/fetch', new URLSearchParams(), null).kind).toBe('unclear');
  });

  it('keeps of a create what it takes to ask for it, and knows its model', () => {
    const body = { req_key: 'jimeng_t2v_v30', prompt: 'a boat' };
    const made = meaning('jimeng', 'POST /?Action=CVSync2AsyncSubmitTask', body);
    expect(made.kind === 'create' && keptOf(made.rule, body)).toEqual({ req_key: 'jimeng_t2v_v30' });
    const model = (name: string, request: string, said: object) => {
      const create = meaning(name, request, said);
      const dialect = dialectCalled(name) ?? never();
      return create.kind === 'create' ? modelOf({ ...create, dialect, body: said }) : never();
    };
    expect(model('jimeng', 'POST /?Action=CVSync2AsyncSubmitTask', body)).toBe('jimeng_t2v_v30');
    expect(model('kling', 'POST /v1/videos/text2video', { model: 'kling-v1' })).toBe('kling-v1');
    expect(model('kling', 'POST /v1/videos/text2video', { prompt: 'a boat' })).toBeNull();
    expect(model('fal-queue', 'POST /fal-ai/veo3/fast', { model: 'another' })).toBe('fal-ai/veo3/fast');
    expect(model('fal-queue', 'POST /workflows/me/mine', {})).toBe('workflows/me/mine');
  });
});

function never(): never {
  throw new Error('no such dialect');
}
