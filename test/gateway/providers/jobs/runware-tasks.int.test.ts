import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Answering, answering, id, ref, video } from './answering';
import { make, seen, soon } from './job-world';

let world: Answering;
beforeAll(async () => {
  world = await answering();
});
afterAll(() => world.close());
beforeEach(() => {
  world.calls.length = 0;
});

describe('the tasks of Runware', () => {
  const at = (taskUUID: string, more: object = {}) => ({ taskType: 'videoInference', taskUUID, ...more });
  const look = (body: object, status = 200) => {
    world.answer(() => ({ status, body }));
    return seen(world.jobs.runware, ref);
  };

  it.each<[string, object, object]>([
    ['pending', { status: 'pending' }, { kind: 'running', phase: 'queued', progress: null }],
    ['processing', { status: 'processing', progress: 47 }, { kind: 'running', phase: 'running', progress: 0.47 }],
    ['an acknowledgement', {}, { kind: 'running' }],
    [
      'a result that names no status',
      { videoURL: video, cost: 0.35 },
      { kind: 'completed', costUsd: 0.35, costBasis: 'billed', units: 10 },
    ],
    ['a success', { status: 'success', videoURL: video }, { kind: 'completed', costUsd: null, costBasis: 'unknown' }],
    [
      'a cost that cannot be one',
      { status: 'success', videoURL: video, cost: 'x' },
      { kind: 'completed', costUsd: null },
    ],
    ['a success without a result', { status: 'success' }, { kind: 'failed', errorKind: 'empty' }],
    [
      'an address that is not https',
      { status: 'success', videoURL: 'http://10.0.0.1/' },
      { kind: 'failed', errorKind: 'malformed' },
    ],
    [
      'what the filter withheld',
      { status: 'success', videoURL: video, NSFWContent: true, cost: 1 },
      { kind: 'failed', errorKind: 'content_policy', charged: 'yes', costUsd: 1 },
    ],
    [
      'an error in the item',
      { status: 'error', error: { code: 'timeoutProvider', message: 'late' } },
      { kind: 'failed', errorKind: 'gateway_timeout' },
    ],
    ['another status', { status: 'frozen' }, { kind: 'unread', errorKind: 'malformed' }],
  ])('says %s', async (_, item, expected) => {
    expect(await look({ data: [at(id, item)] })).toMatchObject(expected);
  });

  it.each<[string, string, object]>([
    ['timeoutProvider', 'it took too long', { kind: 'failed', errorKind: 'gateway_timeout', charged: 'unknown' }],
    ['inferenceFailed', 'no', { kind: 'failed', errorKind: 'provider_5xx' }],
    ['contentPolicyViolation', 'no', { kind: 'failed', errorKind: 'content_policy' }],
    ['somethingNeverSeen', 'no', { kind: 'failed', errorKind: 'provider_5xx' }],
    ['invalidFrameImages', 'no', { kind: 'failed', errorKind: 'rejected' }],
    ['taskFailedOrNotFound', 'no', { kind: 'absent' }],
    ['invalidApiKey', 'no', { kind: 'unread', errorKind: 'auth' }],
    ['rateLimitExceeded', 'no', { kind: 'unread', errorKind: 'rate_limited' }],
  ])('reads the error %s of a task', async (code, message, expected) => {
    expect(await look({ data: [], errors: [{ code, message, taskUUID: id, status: 'error' }] })).toMatchObject(
      expected,
    );
  });

  it('does not know a task of which it says nothing', async () => {
    expect(await look({ data: [] })).toMatchObject({ kind: 'absent' });
    expect(await look({ data: [at('another')], errors: [] })).toMatchObject({ kind: 'absent' });
    expect(await look({ errors: [{ code: 'invalidBody', message: 'no' }] }, 400)).toMatchObject({
      kind: 'unread',
      errorKind: 'rejected',
    });
  });

  it('waits for all of several results', async () => {
    const made = at(id, { status: 'success', videoURL: video });
    expect(await look({ data: [made, at(id, { status: 'processing' })] })).toMatchObject({ kind: 'running' });
    expect(await look({ data: [made, made] })).toMatchObject({ kind: 'completed', outputs: [{}, {}] });
  });

  it('tells one task from another in one answer, with data and errors', async () => {
    const others = Array.from({ length: 4 }, (_, n) => ({ ...ref, id: `7b6a2a44-1111-4222-8333-44445555666${n}` }));
    world.answer(({ tasks }) => ({
      body: {
        data: [
          at(tasks[1]?.taskUUID ?? '', { status: 'success', videoURL: video }),
          at(tasks[0]?.taskUUID ?? '', { status: 'processing' }),
        ],
        errors: [{ code: 'timeoutProvider', message: 'late', taskUUID: tasks[2]?.taskUUID }],
      },
    }));
    const kinds = (await world.jobs.runware.poll(others, soon())).map(({ kind }) => kind);
    expect(kinds).toEqual(['running', 'completed', 'failed', 'absent']);
    expect(world.calls).toHaveLength(1);
  });

  it('lets one bad task not keep the others from being read', async () => {
    const others = Array.from({ length: 3 }, (_, n) => ({ ...ref, id: `7b6a2a44-1111-4222-8333-44445555666${n}` }));
    world.answer(({ tasks }) => {
      const bad = tasks.find(({ taskUUID }) => taskUUID.endsWith('1'));
      if (bad)
        return { status: 404, body: { errors: [{ code: 'taskNotFound', message: 'no', taskUUID: bad.taskUUID }] } };
      return { body: { data: tasks.map(({ taskUUID }) => at(taskUUID, { status: 'success', videoURL: video })) } };
    });
    const kinds = (await world.jobs.runware.poll(others, soon())).map(({ kind }) => kind);
    expect(kinds).toEqual(['completed', 'absent', 'completed']);
    expect(world.calls.map(({ tasks }) => tasks.length)).toEqual([3, 2]);
  });

  it('says of a create that it was not about our task', async () => {
    world.answer(() => ({ body: { data: [at('another')] } }));
    expect((await make('runware', world.jobs.runware)).result).toMatchObject({
      ok: false,
      errorKind: 'malformed',
      started: 'unknown',
    });
    world.answer(({ tasks }) => ({
      body: { data: [], errors: [{ code: 'invalidDuration', message: 'no', taskUUID: tasks[0]?.taskUUID }] },
    }));
    expect((await make('runware', world.jobs.runware)).result).toMatchObject({
      ok: false,
      errorKind: 'rejected',
      started: 'no',
    });
    world.answer(({ tasks }) => ({
      status: 500,
      body: { errors: [{ code: 'internalServerError', message: 'no', taskUUID: tasks[0]?.taskUUID }] },
    }));
    expect((await make('runware', world.jobs.runware)).result).toMatchObject({ ok: false, started: 'yes' });
  });
});
