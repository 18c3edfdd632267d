import { describe, expect, it } from 'vitest';
import type { Dialect } from '@/lib/registry/dialects/dialect';
import { dialectCalled, dialectNames } from '@/lib/relay/dialects/dialects';
import { textsAt } from '@/lib/relay/pointer';
import { seenOf } from '@/lib/relay/read-answer';
import { errorBody } from '@/lib/relay/refusal';

const dialect = (name: string): Dialect => dialectCalled(name) ?? dialectCalled('generic') ?? ([] as never);
const seen = (name: string, body: unknown, status = 200, id = '1') => seenOf(dialect(name), { status, body }, id);
const kling = (data: object, code: number | string = 0) => ({ code, message: 'SUCCEED', request_id: 'r', data });
const jimeng = (data: object | null, code = 10000) => ({ code, data, message: 'Success', request_id: 'r' });

const queued = { kind: 'running', phase: 'queued' };
const running = { kind: 'running', phase: 'running' };
const url = 'https://files.test/1.mp4';
const completed = { kind: 'completed', outputs: [{ url }] };
const made = { kind: 'completed' };
const failed = (message: string) => ({ kind: 'failed', message });
const unread = { kind: 'unread' };
const absent = { kind: 'absent' };

describe('what the answer to a poll says', () => {
  it.each([
    ['runway', { id: '1', status: 'PENDING' }, queued],
    ['runway', { id: '1', status: 'THROTTLED' }, queued],
    ['runway', { id: '1', status: 'RUNNING', progress: 0.4 }, { ...running, progress: 0.4 }],
    [
      'runway',
      { id: '1', status: 'SUCCEEDED', output: [url], cost: { credits: 25 } },
      { ...completed, costUsd: 0.25, units: 1 },
    ],
    [
      'runway',
      { id: '1', status: 'FAILED', failure: 'It broke', cost: { credits: 0 } },
      { ...failed('It broke'), charged: 'no' },
    ],
    ['runway', { id: '1', status: 'FAILED', failure: 'refused by moderation' }, { errorKind: 'content_policy' }],
    ['runway', { id: '1', status: 'CANCELLED' }, { kind: 'cancelled' }],
    ['runway', { code: 'task_not_exist' }, absent],
    ['kling', kling({ task_id: '1', task_status: 'submitted' }), queued],
    ['kling', kling({ task_id: 1, task_status: 'processing' }), running],
    ['kling', kling({ task_id: '1', task_status: 'succeed', task_result: { videos: [{ url }] } }), completed],
    ['kling', kling({ task_id: '1', task_status: 'failed', task_status_msg: 'no' }), failed('no')],
    ['kling', kling({ task_id: '1', status: 'succeeded', url }, 'success'), completed],
    ['kling', kling({ task_id: '1', task_status: 'succeed' }, 1303), unread],
    ['kling', kling({ task_id: '2', task_status: 'succeed' }), unread],
    ['pika', { id: '1', status: 'finished', url }, completed],
    ['jimeng', jimeng({ status: 'in_queue' }), queued],
    ['jimeng', jimeng({ status: 'generating' }), running],
    ['jimeng', jimeng({ status: 'done', video_url: url }), completed],
    ['jimeng', jimeng({ status: 'not_found' }), absent],
    [
      'jimeng',
      { ...jimeng(null, 50411), message: 'Pre Img Risk Not Pass' },
      { kind: 'failed', errorKind: 'content_policy' },
    ],
    ['jimeng', jimeng(null, 50429), unread],
    [
      'suno',
      { code: 'success', data: { task_id: '1', status: 'NOT_START', progress: '0%' } },
      { ...queued, progress: 0 },
    ],
    [
      'suno',
      { code: 1, data: { task_id: '1', status: 'IN_PROGRESS', progress: '37%' } },
      { ...running, progress: 0.37 },
    ],
    [
      'suno',
      {
        code: 'success',
        data: [
          { task_id: '2', status: 'FAILURE' },
          { task_id: '1', status: 'SUCCESS' },
        ],
      },
      made,
    ],
    ['suno', { code: 'success', data: [{ task_id: '2', status: 'SUCCESS' }] }, unread],
    ['aimlapi', { id: '1', status: 'waiting' }, queued],
    ['aimlapi', { id: '1', status: 'completed', video: { url } }, completed],
    ['aimlapi', { id: '1', status: 'error', error: { name: 'E', message: 'bad' } }, failed('bad')],
    ['fal-queue', { status: 'IN_QUEUE', request_id: '1' }, queued],
    ['fal-queue', { status: 'COMPLETED', request_id: '1' }, made],
    ['fal-queue', { status: 'COMPLETED', request_id: '1', error: 'out of memory' }, failed('out of memory')],
    ['openai-videos', { id: '1', status: 'in_progress', progress: 55 }, { ...running, progress: 0.55 }],
    ['openai-videos', { id: '1', status: 'failed', error: { message: 'no' } }, failed('no')],
    ['runware', { data: [{ taskUUID: '1', status: 'processing' }] }, running],
    [
      'runware',
      { data: [{ taskUUID: '1', status: 'success', videoURL: url, cost: 0.3 }] },
      { ...completed, costUsd: 0.3 },
    ],
    ['runware', { data: [], errors: [{ taskUUID: '1', message: 'late' }] }, failed('late')],
    ['runware', { data: [{ taskUUID: '2', status: 'success' }], errors: [{ taskUUID: '3' }] }, unread],
  ])('%s %j', (name, body, expected) => {
    expect(seen(name, body)).toMatchObject(expected);
  });

  it.each([
    [404, absent],
    [410, absent],
    [401, { kind: 'unread', errorKind: 'auth' }],
    [429, { kind: 'unread', errorKind: 'rate_limited' }],
    [503, { kind: 'unread', errorKind: 'provider_5xx' }],
    [400, { kind: 'unread', errorKind: 'rejected' }],
  ])('HTTP %i', (status, expected) => {
    expect(seen('runway', { error: 'so' }, status)).toMatchObject(expected);
  });

  it.each(dialectNames.filter((name) => name !== 'generic'))('%s: a word that nobody knows is never done', (name) => {
    const { reading } = dialect(name);
    const task = { status: 'FINISHED_MAYBE', task_status: 'FINISHED_MAYBE' };
    for (const body of [task, { data: task }, { data: [task] }, 'FINISHED', null, undefined, [], 7])
      expect(seen(name, body), JSON.stringify(body)).toMatchObject(unread);
    expect(Object.keys(reading?.words ?? {})).toEqual(
      Object.keys(reading?.words ?? {}).map((word) => word.toLowerCase()),
    );
  });
});

describe('where a create’s answer names the job', () => {
  it.each([
    ['runway', 'POST', '/v1/image_to_video', { id: 'a', estimatedCost: { credits: 25 } }],
    ['kling', 'POST', '/v1/videos/{type}', kling({ task_id: 'a', task_status: 'submitted' })],
    ['jimeng', 'POST', '/', jimeng({ task_id: 'a' })],
    ['suno', 'POST', '/submit/{action}', { code: 'success', data: 'a' }],
    ['suno', 'POST', '/submit/{action}', { code: 'success', data: { task_id: 'a' } }],
    ['pika', 'POST', '/generate/{version}/{mode}', { video_id: 'a' }],
    ['aimlapi', 'POST', '/v2/video/generations', { id: 'a', status: 'queued' }],
    ['fal-queue', 'POST', '/{owner}/{app}{rest*}', { status: 'IN_QUEUE', request_id: 'a' }],
    ['openai-videos', 'POST', '/v1/videos', { id: 'a', object: 'video' }],
    ['runware', 'POST', '/v1', { data: [{ taskType: 'videoInference', taskUUID: 'a' }] }],
  ])('%s', (name, method, path, answer) => {
    const rule = dialect(name).creates.find((each) => each.method === method && each.path === path);
    expect(rule?.id.flatMap((at) => textsAt(answer, at))[0]).toBe('a');
  });
});

describe('our refusals in the vendor’s shape', () => {
  it.each(dialectNames)('%s says the sentence', (name) => {
    const facts = { status: 404, code: 'unknown-job', sentence: 'No such job.', requestId: 'r', path: '/x' };
    const body = errorBody(dialect(name).error, facts);
    expect(JSON.stringify(body)).toContain('No such job.');
    expect(JSON.stringify(body)).not.toMatch(/\{[a-z_]+\}/);
  });

  it.each([
    ['kling', 404, { code: 1203, message: 'No.', request_id: 'r' }],
    ['kling', 418, { code: 1200, message: 'No.', request_id: 'r' }],
    ['jimeng', 403, { code: 50_403, data: null, message: 'No.', request_id: 'r', status: 50_403 }],
    ['openai-videos', 503, { error: { message: 'No.', type: 'server_error', param: null, code: 'c' } }],
    ['aimlapi', 404, { requestId: 'r', statusCode: 404, path: '/x', message: 'No.' }],
  ])('%s: %i', (name, status, expected) => {
    const facts = { status, code: 'c', sentence: 'No.', requestId: 'r', path: '/x' };
    expect(errorBody(dialect(name).error, facts)).toEqual(expected);
  });
});
