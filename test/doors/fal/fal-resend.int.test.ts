import { type ApiError, createFalClient } from '@fal-ai/client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FaultChange } from '@/lib/gateway/providers/sandbox/faults';
import { writeFlag } from '@/test/gateway/splits/add-split';
import { type TestDataPlane, testDataPlane } from '@/test/support/data-plane';
import { type TestDatabase, testDatabase } from '@/test/support/database';

let database: TestDatabase;
let plane: TestDataPlane;

beforeAll(async () => {
  database = await testDatabase();
  await writeFlag(database.sql, 'GEN_PROVIDER_WEIGHTS', { fal: 0.5, runware: 0.5 });
});
afterAll(() => database.close());
afterEach(() => plane.close());

const made = () => (['fal', 'runware'] as const).map((name) => plane.sandbox.counters(name).inference ?? 0);

/** Faults after which the image may be made: one call in all, whatever the client would do by itself. */
const unknown: readonly (readonly [string, FaultChange])[] = [
  ['no answer in time', { hang: true }],
  ['a reset', { reset: true }],
  ['half an answer', { truncate: true }],
  ['a slow drip', { drip: true }],
  ['502', { failureRate: 1, status: 502, kind: 'bad_gateway' }],
  ['504', { failureRate: 1, status: 504, kind: 'bad_gateway' }],
];
/** Faults that are sure: each provider may be asked once. */
const sure: readonly (readonly [string, FaultChange])[] = [
  ['500', { failureRate: 1, status: 500, kind: 'internal_error' }],
  ['a web page', { html: true }],
];
/** Nothing was begun: it may be sent again. */
const refused: readonly (readonly [string, FaultChange])[] = [['429', { rateLimit: { retryAfter: 1 } }]];

/** Whatever does not answer ends soon; nothing else is asked for so quick an answer, which a busy machine cannot give. */
const endSoon = { SLUICE_ATTEMPT_TIMEOUT_MS: '400', SLUICE_REQUEST_TIMEOUT_MS: '900' };
const start = async (env: Record<string, string> = {}) => {
  plane = await testDataPlane({ env: { DATABASE_URL: database.url, ...env } });
};

const run = async (fault: FaultChange) => {
  await start(fault.hang || fault.drip ? endSoon : {});
  for (const name of ['fal', 'runware'] as const) plane.sandbox.control(name, { latencyMs: 0, ...fault });
  let requests = 0;
  const client = createFalClient({
    credentials: 'any-key-at-all',
    proxyUrl: { url: `${plane.url}/api/fal/proxy`, when: 'always' },
    retry: { baseDelay: 5 },
    fetch: (input, init) => {
      requests += 1;
      return fetch(input, init);
    },
  });
  const error = await client
    .run('fal-ai/flux/schnell', { input: { prompt: 'a boat' } })
    .then(() => null)
    .catch((cause: unknown) => cause as ApiError<unknown>);
  return { error, requests };
};

describe('@fal-ai/client sends a request again by itself', () => {
  it.each(unknown)('but not after %s, which may have made the image', async (_, fault) => {
    const { error, requests } = await run(fault);
    expect(error).toMatchObject({ status: 504, isUserTimeout: true });
    expect(requests).toBe(1);
    expect(made().reduce((sum, count) => sum + count)).toBe(1);
  });

  it.each(sure)('nor after %s of every arm', async (_, fault) => {
    const { error, requests } = await run(fault);
    expect(error).toMatchObject({ status: 500 });
    expect(requests).toBe(1);
    expect(made()).toEqual([1, 1]);
  });

  it.each(refused)('and may after %s, which began nothing', async (_, fault) => {
    const { error, requests } = await run(fault);
    expect(error).toMatchObject({ status: 503 });
    expect(requests).toBe(4);
  });

  it('is not told to after 503, whichever arm said what', async () => {
    const { requests } = await run({ failureRate: 1, status: 503, kind: 'runner_scheduling_failure' });
    expect(requests).toBe(1);
    expect(made()).toEqual([1, 1]);
  });
});
