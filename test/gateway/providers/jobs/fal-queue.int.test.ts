import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JobSeen } from '@/lib/gateway/providers/job-calls';
import { type Answering, answering, id, page, type Reply, ref, video } from './answering';
import { make, seen, soon } from './job-world';

let world: Answering;
beforeAll(async () => {
  world = await answering();
});
afterAll(() => world.close());
beforeEach(() => {
  world.calls.length = 0;
});

describe('the queue of FAL', () => {
  const done = { status: 'COMPLETED', request_id: id };

  /** The status, and what is answered at each address of the result. */
  function answers(status: object, result: Reply, other: Reply = result) {
    world.answer(({ url }) => {
      if (url.endsWith('/status?logs=1')) return { body: status };
      return url.endsWith('/response') ? other : result;
    });
  }

  it.each([
    ['fal-ai/kling-video/v2.5-turbo/pro/text-to-video', 'fal-ai/kling-video'],
    ['wan/v2.6/text-to-video', 'wan/v2.6'],
    ['workflows/somebody/a-flow', 'workflows/somebody/a-flow'],
    ['comfy/somebody/a-flow/more', 'comfy/somebody/a-flow'],
  ])('finds a job of %s at %s', async (model, app) => {
    world.answer(() => ({ status: 202, body: { status: 'IN_QUEUE', queue_position: 3 } }));
    const last = await seen(world.jobs.fal, { ...ref, upstream: {}, model });
    expect(last).toMatchObject({ kind: 'running', phase: 'queued', queuePosition: 3, progress: null });
    expect(world.calls.map(({ url }) => url)).toEqual([`/queue/${app}/requests/${id}/status?logs=1`]);
  });

  it('keeps the application that it was told, of whom it asked, and no other', async () => {
    world.answer(() => ({
      body: { request_id: 'q-1', response_url: `${world.origin}/queue/fal-ai/other/requests/q-1` },
    }));
    expect((await make('fal', world.jobs.fal)).ref.upstream).toEqual({
      app: 'fal-ai/other',
      seconds: 10,
      list_usd: 0.7000000000000001,
    });
    world.answer(() => ({
      body: { request_id: 'q-1', response_url: 'https://elsewhere.example/queue/fal-ai/other/requests/q-1' },
    }));
    expect((await make('fal', world.jobs.fal)).ref.upstream).toMatchObject({ app: 'fal-ai/kling-video' });
  });

  it.each(['../../v1/models', 'a/../b', 7])('asks nowhere else for an application called %s', async (app) => {
    world.answer(() => ({ status: 202, body: { status: 'IN_PROGRESS' } }));
    await seen(world.jobs.fal, { ...ref, upstream: { app } });
    expect(world.calls[0]?.url).toBe(`/queue/fal-ai/kling-video/requests/${id}/status?logs=1`);
  });

  it.each([
    ['with the job', 'at the usual address', { status: 200, body: { video: { url: video } } }, { status: 404 }],
    ['below it', 'at the other one', { status: 405 }, { status: 200, body: { video: { url: video } } }],
  ])('finds a result %s, %s', async (_, __, first, other) => {
    answers(done, first, other);
    expect(await seen(world.jobs.fal, ref)).toMatchObject({ kind: 'completed', outputs: [{ url: video }] });
  });

  it('asks first where it is told', async () => {
    answers(
      { ...done, response_url: `https://queue.fal.run/x/requests/${id}/response` },
      {},
      { body: { video: { url: video } } },
    );
    expect(await seen(world.jobs.fal, ref)).toMatchObject({ kind: 'completed' });
    expect(world.calls.map(({ url }) => url.split(id)[1])).toEqual(['/status?logs=1', '/response']);
  });

  it('prices by units, and else by the list as it was', async () => {
    answers(done, { body: { video: { url: video } }, headers: { 'x-fal-billable-units': '10' } });
    expect(await seen(world.jobs.fal, ref)).toMatchObject({ costUsd: 0.7, costBasis: 'price_list', units: 10 });
  });

  it.each<[string, object, readonly object[]]>([
    [
      'video',
      {
        video: { url: video, content_type: 'video/mp4', duration: 4.2, width: 1280, height: 720, file_size: 9 },
        thumbnail: { url: `${video}.jpg` },
      },
      [
        {
          url: video,
          kind: 'video',
          contentType: 'video/mp4',
          seconds: 4.2,
          width: 1280,
          height: 720,
          bytes: 9,
          thumbnailUrl: `${video}.jpg`,
        },
      ],
    ],
    ['videos', { videos: [{ url: video }, { url: video }] }, [{ kind: 'video' }, { kind: 'video' }]],
    ['images', { images: [{ url: video }, { url: video }], has_nsfw_concepts: [true, false] }, [{ kind: 'image' }]],
    ['image', { image: { url: video, width: -4 } }, [{ kind: 'image', width: undefined }]],
    ['audio', { audio: { url: video, duration: 'x' } }, [{ kind: 'audio', seconds: undefined }]],
    ['a file', { file: { url: video, content_type: 'video/webm' } }, [{ kind: 'video' }]],
    ['files', { files: [{ url: video, content_type: 'model/gltf' }] }, [{ kind: 'file' }]],
    ['an address alone', { video }, [{ url: video, kind: 'video' }]],
  ])('finds what was made in %s', async (_, body, outputs) => {
    answers(done, { body });
    expect(await seen(world.jobs.fal, ref)).toMatchObject({ kind: 'completed', outputs, payload: body });
  });

  it.each<[string, Reply, Partial<Extract<JobSeen, { kind: 'failed' }>>]>([
    ['no file', { body: { seed: 1 } }, { errorKind: 'empty' }],
    [
      'an address that is not https',
      { body: { video: { url: 'http://169.254.169.254/x' } } },
      { errorKind: 'malformed' },
    ],
    [
      'images that were all withheld',
      { body: { images: [{ url: video }], has_nsfw_concepts: [true] } },
      { errorKind: 'content_policy' },
    ],
    [
      'a refusal',
      { status: 422, body: { detail: [{ type: 'content_policy_violation', msg: 'no', loc: [] }] } },
      { errorKind: 'content_policy', httpStatus: 422 },
    ],
    [
      'an input that is wrong',
      { status: 422, body: { detail: [{ type: 'missing', msg: 'no', loc: ['body', 'x'] }] } },
      { errorKind: 'rejected', httpStatus: 422 },
    ],
    [
      'an error of the runner',
      { status: 500, body: { detail: 'x', error_type: 'runner_server_error' } },
      { errorKind: 'provider_5xx', httpStatus: 500 },
    ],
    [
      'a timeout of the runner',
      { status: 504, body: { detail: 'x', error_type: 'startup_timeout' } },
      { errorKind: 'gateway_timeout', httpStatus: 504 },
    ],
  ])('ends failed with %s', async (_, result, expected) => {
    answers(done, result);
    expect(await seen(world.jobs.fal, ref)).toMatchObject({ kind: 'failed', charged: 'unknown', ...expected });
  });

  it('ends failed where the status says so, whatever becomes of the result', async () => {
    for (const result of [{ status: 404 }, { body: { video: { url: video } } }, { status: 500, body: 'oops' }]) {
      answers({ ...done, error: 'it broke', error_type: 'runner_server_error' }, result);
      const last = await seen(world.jobs.fal, ref);
      expect(last).toMatchObject({ kind: 'failed', errorKind: 'provider_5xx' });
      expect(last.kind === 'failed' && last.message).toMatch(/it broke|HTTP 500/);
    }
  });

  it('says whether it was charged where the units say it', async () => {
    for (const [units, charged] of [
      ['0', 'no'],
      ['4', 'yes'],
    ] as const) {
      answers(
        { ...done, error: 'it broke' },
        { status: 422, body: { detail: [] }, headers: { 'x-fal-billable-units': units } },
      );
      expect(await seen(world.jobs.fal, ref)).toMatchObject({ kind: 'failed', charged });
    }
  });

  it.each<[string, Reply, string]>([
    ['a 500 of something in between', { status: 500, body: 'oops' }, 'unread'],
    ['a 503 of something in between', { status: 503, body: { detail: 'busy' } }, 'unread'],
    ['a 401', { status: 401, body: { detail: 'no' } }, 'unread'],
    ['a purse that is empty', { status: 403, body: { detail: 'Exhausted balance' } }, 'unread'],
    ['a 429', { status: 429 }, 'unread'],
    ['a web page', page, 'unread'],
    ['cut JSON', { body: '{"video": {"url"' }, 'unread'],
    ['a 404', { status: 404, body: { detail: 'not found' } }, 'absent'],
    ['a job that is at work after all', { status: 400, body: { detail: 'Request is still in progress' } }, 'running'],
  ])('is not failed for %s at its result', async (_, result, kind) => {
    answers(done, result);
    expect(await seen(world.jobs.fal, ref)).toMatchObject({ kind });
  });

  it('knows no other state', async () => {
    answers({ status: 'FAILED' }, {});
    expect(await seen(world.jobs.fal, ref)).toMatchObject({ kind: 'unread', errorKind: 'malformed' });
  });

  it.each<[string, Reply, object]>([
    ['202', { status: 202, body: { status: 'CANCELLATION_REQUESTED' } }, { kind: 'asked' }],
    ['200', { status: 200, body: { status: 'CANCELLED' } }, { kind: 'asked' }],
    ['a job that has ended', { status: 400, body: { status: 'ALREADY_COMPLETED' } }, { kind: 'late' }],
    ['a job that is not known', { status: 404, body: { status: 'NOT_FOUND' } }, { kind: 'absent' }],
    ['another 400', { status: 400, body: { detail: 'no' } }, { kind: 'unread', errorKind: 'rejected' }],
    ['401', { status: 401 }, { kind: 'unread', errorKind: 'auth' }],
    ['429', { status: 429 }, { kind: 'unread', errorKind: 'rate_limited' }],
    ['503', { status: 503 }, { kind: 'unread', errorKind: 'provider_5xx' }],
    ['a web page', page, { kind: 'unread', errorKind: 'intercepted' }],
    ['an empty body', { body: '' }, { kind: 'unread', errorKind: 'malformed' }],
  ])('cancels: %s', async (_, given, expected) => {
    world.answer(() => given);
    expect(await world.jobs.fal.cancel(ref, soon())).toMatchObject(expected);
    expect(world.calls).toMatchObject([{ method: 'PUT', url: `/queue/fal-ai/kling-video/requests/${id}/cancel` }]);
  });
});
