import OpenAI, { APIError } from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FaultChange } from '@/lib/gateway/providers/sandbox/faults';
import { type TestDataPlane, testDataPlane } from '@/test/support/data-plane';

let plane: TestDataPlane;
let client: OpenAI;

// Of its own for each call: a breaker that opened would keep the next one from being made.
beforeEach(async () => {
  const env = { SLUICE_API_KEYS: 'key-of-the-client-1', SLUICE_ATTEMPT_TIMEOUT_MS: '1000' };
  plane = await testDataPlane({ env });
  client = new OpenAI({ baseURL: `${plane.url}/v1`, apiKey: 'key-of-the-client-1' });
});
afterEach(() => plane.close());

const created = (name: 'fal' | 'runware') => plane.sandbox.counters(name).inference ?? 0;

/** One call by the client as it comes, with its two retries; how many requests reached the first arm. */
async function callsUnder(arm: 'fal' | 'runware', fault: FaultChange): Promise<{ calls: number; error: unknown }> {
  plane.runtime.dataPlane.weights.offer({
    ...{ version: 1, stage: null },
    text: arm === 'fal' ? '{"fal":1,"runware":0}' : '{"fal":0,"runware":1}',
  });
  plane.sandbox.control(arm, fault);
  const before = created(arm);
  const error = await client.images.generate({ prompt: 'a boat' }).then(
    () => null,
    (cause: unknown) => cause,
  );
  return { calls: created(arm) - before, error };
}

const mayHaveMade: readonly (readonly [string, FaultChange])[] = [
  ['no answer', { hang: true }],
  ['a connection that breaks off', { reset: true }],
  ['half an answer', { truncate: true }],
  ['502', { failureRate: 1, status: 502, kind: 'internal_error' }],
  ['504', { failureRate: 1, status: 504, kind: 'internal_error' }],
  ['500', { failureRate: 1, status: 500, kind: 'internal_error' }],
  ['an answer without an image', { noImage: true }],
];

describe.each(['fal', 'runware'] as const)('the openai client with its two retries, at %s', (arm) => {
  it.each(mayHaveMade)('has it made once where it may have been made: %s', async (_, fault) => {
    const { calls, error } = await callsUnder(arm, fault);
    expect(calls).toBe(1);
    if (error !== null) {
      expect(error).toBeInstanceOf(APIError);
      expect((error as APIError).headers?.get('x-should-retry')).toBe('false');
    }
  });

  it('is told that it may ask again where nothing was made', async () => {
    plane.sandbox.control(arm === 'fal' ? 'runware' : 'fal', { failureRate: 1, status: 503 });
    const once = new OpenAI({ baseURL: `${plane.url}/v1`, apiKey: 'key-of-the-client-1', maxRetries: 0 });
    plane.sandbox.control(arm, { failureRate: 1, status: 503 });
    const error = await once.images.generate({ prompt: 'a boat' }).catch((cause: unknown) => cause);
    expect((error as APIError).headers?.get('x-should-retry')).toBe('true');
  });
});
