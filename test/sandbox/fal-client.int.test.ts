import { ApiError, createFalClient } from '@fal-ai/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '@/scripts/sandbox/start';

// The vendor's own client, unchanged but for the host: what it understands, FAL could have said.
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
  sandbox.control('fal', { latencyMs: 60 });
});
afterAll(() => sandbox.close());

function client(credentials = sandbox.falKey) {
  return createFalClient({
    credentials,
    retry: { maxRetries: 0 },
    requestMiddleware: async (request) => {
      const url = request.url
        .replace('https://queue.fal.run/', `${sandbox.falUrl}/queue/`)
        .replace('https://fal.run/', `${sandbox.falUrl}/`);
      return { ...request, url };
    },
  });
}

const input = { prompt: 'a lock gate', image_size: 'square_hd', num_images: 2 } as const;

it('runs a model', async () => {
  const { data, requestId } = await client().run('fal-ai/flux/schnell', { input });
  expect(requestId).toMatch(/^[\da-f-]{36}$/);
  expect(data.images).toHaveLength(2);
  expect(data.images[0]).toMatchObject({ width: 1024, height: 1024, content_type: 'image/svg+xml' });
  expect(data.prompt).toBe('a lock gate');
});

it('goes through the queue', async () => {
  // Long enough to be polled on a busy machine.
  sandbox.control('fal', { latencyMs: 1000 });
  const seen: string[] = [];
  const { data } = await client().subscribe('fal-ai/flux/schnell', {
    input,
    pollInterval: 10,
    onQueueUpdate: ({ status }) => seen.push(status),
  });
  expect(data.images).toHaveLength(2);
  expect(seen.at(-1)).toBe('COMPLETED');
  expect(seen).toContain('IN_PROGRESS');
});

it('submits, asks, cancels', async () => {
  sandbox.control('fal', { latencyMs: 60_000 });
  const { queue } = client();
  const { request_id: requestId, status } = await queue.submit('fal-ai/flux/schnell', { input });
  expect(status).toBe('IN_QUEUE');
  expect(await queue.status('fal-ai/flux/schnell', { requestId })).toMatchObject({ status: 'IN_QUEUE' });
  await queue.cancel('fal-ai/flux/schnell', { requestId });
  expect(await queue.status('fal-ai/flux/schnell', { requestId })).toMatchObject({ status: 'COMPLETED' });
  sandbox.control('fal', { latencyMs: 60 });
});

it('reads both shapes of errors', async () => {
  const fal = client();
  const wrongInput = { ...input, num_images: 99 };
  await expect(fal.run('fal-ai/flux/schnell', { input: wrongInput })).rejects.toMatchObject({
    status: 422,
    body: { detail: [{ type: 'less_than_equal' }] },
  });
  sandbox.control('fal', { failureRate: 1, status: 503 });
  await expect(fal.run('fal-ai/flux/schnell', { input })).rejects.toMatchObject({
    status: 503,
    body: { error_type: 'runner_scheduling_failure' },
  });
  sandbox.control('fal', { failureRate: 0 });
  await expect(client('id:wrong').run('fal-ai/flux/schnell', { input })).rejects.toBeInstanceOf(ApiError);
});
