import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '@/scripts/sandbox/start';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox({ seed: 42 });
});
afterEach(() => sandbox.close());

const task = {
  taskType: 'imageInference',
  taskUUID: '7b6a2a44-1111-4222-8333-444455556666',
  model: 'runware:100@1',
  positivePrompt: 'a lock gate',
  width: 512,
  height: 512,
  numberResults: 2,
  includeCost: true,
};

async function runware(body: unknown, key = sandbox.runwareKey) {
  const response = await fetch(`${sandbox.runwareUrl}/v1`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

function control(method: string, body?: unknown, contentType = 'application/json') {
  return fetch(`${sandbox.runwareUrl}/__sandbox`, {
    method,
    headers: { 'content-type': contentType },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

describe('runware', () => {
  beforeEach(() => sandbox.control('runware', { latencyMs: 0 }));

  it('answers an array of tasks with their UUIDs and costs', async () => {
    const { status, body } = await runware([task]);
    expect(status).toBe(200);
    expect(body.data).toHaveLength(2);
    expect(body.data[0]).toMatchObject({ taskUUID: task.taskUUID, cost: 0.0013, NSFWContent: false });
  });

  it.each([
    ['an object instead of an array', task, 400, 'invalidBody'],
    ['a UUID that is none', [{ ...task, taskUUID: 'x' }], 400, 'invalidTaskUUID'],
    ['an unknown model', [{ ...task, model: 'nope' }], 400, 'invalidModel'],
    ['a side that is no multiple of 64', [{ ...task, width: 500 }], 400, 'invalidWidth'],
    ['no prompt', [{ ...task, positivePrompt: undefined }], 400, 'missingPositivePrompt'],
    ['an unknown task', [{ ...task, taskType: 'x' }], 400, 'invalidTaskType'],
  ])('refuses %s', async (_, body, status, code) => {
    expect(await runware(body)).toMatchObject({ status, body: { errors: [{ code }] } });
  });

  it('refuses a wrong key like the vendor', async () => {
    expect(await runware([task], 'wrong')).toMatchObject({
      status: 401,
      body: { errors: [{ code: 'invalidApiKey' }] },
    });
  });

  it('takes the key as a task too', async () => {
    const authentication = { taskType: 'authentication', apiKey: sandbox.runwareKey };
    expect((await runware([authentication], 'wrong')).status).toBe(200);
  });
});

describe('control', () => {
  it('changes what is named, shows faults and counters, and heals', async () => {
    await control('POST', { latencyMs: 0, failureRate: 1, status: 500 });
    expect((await runware([task])).status).toBe(500);
    const shown = await (await control('GET')).json();
    expect(shown).toMatchObject({
      provider: 'runware',
      faults: { failureRate: 1, status: 500, cost: 0.0013 },
      counters: { requests: 1, inference: 1, inference_status_500: 1 },
    });
    const healed = await (await control('DELETE')).json();
    expect(healed.faults.failureRate).toBe(0);
  });

  it.each([
    [{ failureRate: 2 }, 'failureRate'],
    [{ status: 200 }, 'status'],
    [{ nonsense: 1 }, 'nonsense'],
    ['x', 'faults'],
  ])('refuses %j and names the member', async (body, name) => {
    const response = await control('POST', body);
    expect(response.status).toBe(422);
    expect((await response.json()).error).toContain(name);
  });

  it('takes JSON only, so that no web page can set faults', async () => {
    expect((await control('POST', { failureRate: 1 }, 'text/plain')).status).toBe(415);
  });
});

it('repeats itself with the same seed', async () => {
  const run = async (seed: number) => {
    const one = await startSandbox({ seed });
    one.control('runware', { latencyMs: 0, failureRate: 0.3, contentPolicyRate: 0.1 });
    const statuses: number[] = [];
    for (let i = 0; i < 40; i += 1) {
      const response = await fetch(`${one.runwareUrl}/v1`, {
        method: 'POST',
        headers: { authorization: `Bearer ${one.runwareKey}` },
        body: JSON.stringify([task]),
      });
      statuses.push(response.status);
      await response.arrayBuffer();
    }
    await one.close();
    return statuses;
  };
  const first = await run(7);
  expect(await run(7)).toEqual(first);
  expect(await run(8)).not.toEqual(first);
  expect(new Set(first)).toEqual(new Set([200, 400, 503]));
});

it('frees the first port when the second is taken', async () => {
  const taken = Number(new URL(sandbox.runwareUrl).port);
  await expect(startSandbox({ runwarePort: taken })).rejects.toThrow('EADDRINUSE');
});
