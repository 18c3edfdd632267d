import { afterEach, describe, expect, it } from 'vitest';
import { type TestDataPlane, testDataPlane } from '@/test/support/data-plane';

describe('more callers than connections', () => {
  let plane: TestDataPlane;
  afterEach(() => plane.close());

  const start = async (env: Record<string, string>, latencyMs: number) => {
    plane = await testDataPlane({ env });
    plane.sandbox.control('fal', { latencyMs });
  };
  const asks = async (n: number) => {
    const ask = async () => {
      const startedAt = performance.now();
      const answer = await plane.post('/api/generate', { prompt: 'x' });
      const body = await answer.json();
      return { answer, body, tookMs: performance.now() - startedAt };
    };
    return Promise.all(Array.from({ length: n }, ask));
  };
  const calls = async () => {
    const health = await (await fetch(`${plane.url}/api/health`)).json();
    return health.checks.find(({ name }: { name: string }) => name === 'calls');
  };

  it('wait in line, and the provider’s latency is its own', async () => {
    await start({ SLUICE_PROVIDER_CONNECTIONS: '2' }, 800);
    const all = await asks(6);
    expect(all.map(({ answer }) => answer.status)).toEqual(Array(6).fill(200));
    const [attempts, queued] = [
      all.map(({ body }) => body.attempts[0].latency_ms),
      all.map(({ body }) => body.attempts[0].queued_ms ?? 0).sort((a, b) => a - b),
    ];
    expect(Math.min(...attempts)).toBeGreaterThanOrEqual(790);
    // Together they are no more than it took: what was waited is in one of them alone.
    for (const { body, tookMs } of all)
      expect(body.attempts[0].latency_ms + (body.attempts[0].queued_ms ?? 0)).toBeLessThanOrEqual(tookMs + 2);
    expect(queued.slice(0, 2)).toEqual([0, 0]);
    // Two calls long, less what it came later than the first: more than one.
    expect(queued[5]).toBeGreaterThan(800);
    const last = all.find(({ body }) => body.attempts[0].queued_ms === queued[5]);
    expect(last?.answer.headers.get('server-timing')).toMatch(/^provider;dur=[\d.]+, queue;dur=[\d.]+, sluice;dur=/);
    expect(plane.sandbox.counters('fal').inference).toBe(6);
  });

  it('wait in no time of the attempt’s', async () => {
    await start({ SLUICE_PROVIDER_CONNECTIONS: '1', SLUICE_ATTEMPT_TIMEOUT_MS: '2500' }, 900);
    const all = await asks(5);
    expect(all.map(({ answer }) => answer.status)).toEqual(Array(5).fill(200));
    expect(Math.max(...all.map(({ body }) => body.attempts[0].queued_ms ?? 0))).toBeGreaterThan(2500);
  });

  it('are told when they have waited too long, and nobody else is called for them', async () => {
    await start({ SLUICE_PROVIDER_CONNECTIONS: '1', SLUICE_QUEUE_TIMEOUT_MS: '300' }, 1500);
    expect(await calls()).toEqual({ name: 'calls', ok: true, detail: null });
    const all = await asks(3);
    const refused = all.filter(({ answer }) => answer.status !== 200);
    expect(refused).toHaveLength(2);
    for (const { answer, body } of refused) {
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
      expect(body).toMatchObject({
        code: 'connections-full',
        attempts: [{ latency_ms: null, error_kind: 'queue_timeout' }],
      });
      expect(body.detail).toMatch(
        /^Nothing was sent to fal: not called: all 1 connections to fal were in use for \d+ ms\. Try again in 5 s\.$/,
      );
    }
    const providers = ['fal', 'runware'] as const;
    expect(providers.map((name) => plane.sandbox.counters(name).inference ?? 0)).toEqual([1, 0]);
    expect(await calls()).toMatchObject({
      ok: false,
      detail: expect.stringMatching(
        /^fal: all 1 connections were in use: 2 calls waited, the longest \d+\.\d s, 2 in vain/,
      ),
    });
    expect(plane.runtime.dataPlane.lanes.get('fal')?.slots).toMatchObject({ inUse: 0, waiting: 0 });
  });

  it('do not wait for a provider whose breaker is open', async () => {
    await start({ SLUICE_PROVIDER_CONNECTIONS: '1' }, 0);
    plane.runtime.dataPlane.weights.offer({ version: 1, text: '{"fal":0,"runware":1}', stage: 'D3' });
    plane.sandbox.control('runware', { failureRate: 1 });
    for (let i = 0; i < 5; i += 1) await asks(1);
    plane.sandbox.control('fal', { latencyMs: 0 });
    const [{ body } = { body: null }] = await asks(1);
    expect(body.attempts.map(({ error_kind }: { error_kind: string }) => error_kind)).toEqual(['circuit_open', null]);
    expect(plane.runtime.dataPlane.lanes.get('runware')?.slots.inUse).toBe(0);
  });
});
