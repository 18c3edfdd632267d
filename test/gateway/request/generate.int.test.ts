import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TestDataPlane, testDataPlane } from '@/test/support/data-plane';

describe('POST /api/generate', () => {
  let plane: TestDataPlane;
  const generate = (body: unknown, headers?: Record<string, string>) => plane.post('/api/generate', body, headers);
  const route = (weights: Record<string, number>, version = 1) =>
    plane.runtime.dataPlane.weights.offer({ version, text: JSON.stringify(weights), stage: 'D1' });
  /** Whatever hangs ends soon; nothing else is asked for so quick an answer, which a busy machine cannot give. */
  const endSoon = async () => {
    await plane.close();
    plane = await testDataPlane({ env: { SLUICE_ATTEMPT_TIMEOUT_MS: '300', SLUICE_REQUEST_TIMEOUT_MS: '900' } });
  };
  const calls = (provider: 'fal' | 'runware') => plane.sandbox.counters(provider).inference ?? 0;

  beforeEach(async () => {
    plane = await testDataPlane();
  });
  afterEach(() => plane.close());

  it('gives an image, its cost and how it came about', async () => {
    const response = await generate(
      { prompt: 'a lighthouse', width: 512, height: 512 },
      { 'x-request-id': 'trace-12345' },
    );
    expect(response.status).toBe(200);
    expect(response.headers.get('x-request-id')).toBe('trace-12345');
    expect(response.headers.get('server-timing')).toMatch(/^provider;dur=[\d.]+, sluice;dur=[\d.]+$/);
    const body = await response.json();
    expect(body).toMatchObject({
      request_id: 'trace-12345',
      provider: 'fal',
      weights_version: null,
      attempts: [{ attempt: 1, provider: 'fal', error: null, error_kind: null }],
    });
    expect(body.images).toHaveLength(1);
    expect(body.cost_usd).toBeGreaterThan(0);
  });

  it('splits exactly by the weights, and gives a weight of zero nothing', async () => {
    route({ fal: 0.9, runware: 0.1 });
    const send = async () => (await (await generate({ prompt: 'x' })).json()).provider;
    const providers = [];
    for (let i = 0; i < 10; i += 1) providers.push(...(await Promise.all(Array.from({ length: 10 }, send))));
    const runware = providers.filter((provider) => provider === 'runware').length;
    expect(runware).toBeGreaterThanOrEqual(8);
    expect(runware).toBeLessThanOrEqual(12);
    route({ fal: 1, runware: 0 }, 2);
    for (let i = 0; i < 30; i += 1) expect(await send()).toBe('fal');
  });

  it('keeps a user with their provider', async () => {
    route({ fal: 0.5, runware: 0.5 });
    for (const user of ['ann', 'bob', 'eve', 'zoe']) {
      const seen = new Set<string>();
      for (let i = 0; i < 5; i += 1) seen.add((await (await generate({ prompt: 'x', user })).json()).provider);
      expect(seen.size).toBe(1);
    }
  });

  it('rescues a failed candidate by the baseline and hides nothing', async () => {
    route({ fal: 0, runware: 1 });
    plane.sandbox.control('runware', { failureRate: 1, status: 503 });
    const body = await (await generate({ prompt: 'x' })).json();
    expect(body.provider).toBe('fal');
    expect(body.attempts).toMatchObject([
      { attempt: 1, provider: 'runware', error_kind: 'provider_5xx' },
      { attempt: 2, provider: 'fal', error: null },
    ]);
    expect(body.attempts[0].latency_ms).toBeGreaterThan(0);
  });

  it('opens the breaker after five failures, and then calls nobody for nothing', async () => {
    route({ fal: 0, runware: 1 });
    plane.sandbox.control('runware', { failureRate: 1 });
    const kinds = [];
    for (let i = 0; i < 8; i += 1) kinds.push((await (await generate({ prompt: 'x' })).json()).attempts[0].error_kind);
    expect(kinds).toEqual([...Array(5).fill('provider_5xx'), ...Array(3).fill('circuit_open')]);
    const last = await (await generate({ prompt: 'x' })).json();
    expect(last.attempts[0]).toMatchObject({ provider: 'runware', latency_ms: null, error_kind: 'circuit_open' });
  });

  it('does not submit again what may still be running', async () => {
    await endSoon();
    route({ fal: 0, runware: 1 });
    plane.sandbox.control('runware', { hang: true });
    const response = await generate({ prompt: 'x' });
    expect(response.status).toBe(504);
    const body = await response.json();
    expect(body).toMatchObject({ code: 'provider-timeout', outcome: 'unknown' });
    expect(body.attempts).toHaveLength(1);
    expect(body.attempts[0].latency_ms).toBeGreaterThanOrEqual(290);
  });

  it('does not fail over to a provider without a share', async () => {
    route({ fal: 1, runware: 0 });
    plane.sandbox.control('fal', { failureRate: 1 });
    const response = await generate({ prompt: 'x' });
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ code: 'provider-failed', attempts: [{ provider: 'fal' }] });
  });

  it('says quickly that everybody is down', async () => {
    route({ fal: 0.5, runware: 0.5 });
    plane.sandbox.control('fal', { failureRate: 1 });
    plane.sandbox.control('runware', { failureRate: 1 });
    const first = await generate({ prompt: 'x' });
    expect(first.status).toBe(503);
    for (let i = 0; i < 5; i += 1) await generate({ prompt: 'x' });
    const response = await generate({ prompt: 'x' });
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    const body = await response.json();
    expect(body.code).toBe('all-providers-unavailable');
    expect(body.attempts.map((attempt: { error_kind: string }) => attempt.error_kind)).toEqual([
      'circuit_open',
      'circuit_open',
    ]);
    expect((await fetch(`${plane.url}/api/health`)).status).toBe(503);
  });

  it('says which keys are wanted when none is set', async () => {
    const bare = await testDataPlane({ without: ['FAL_KEY', 'RUNWARE_API_KEY'] });
    const response = await bare.post('/api/generate', { prompt: 'x' });
    expect(response.status).toBe(503);
    expect((await response.json()).detail).toBe('No provider key is set (FAL_KEY, RUNWARE_API_KEY).');
    await bare.close();
  });

  it('leaves a provider alone that asks for it, and keeps its breaker closed', async () => {
    route({ fal: 0, runware: 1 });
    plane.sandbox.control('runware', { rateLimit: { retryAfter: 30 } });
    const first = await (await generate({ prompt: 'x' })).json();
    expect(first.attempts[0]).toMatchObject({ provider: 'runware', error_kind: 'rate_limited' });
    const second = await (await generate({ prompt: 'x' })).json();
    expect(second.provider).toBe('fal');
    expect(second.attempts[0]).toMatchObject({ error_kind: 'rate_limited', latency_ms: null });
    const lane = plane.runtime.dataPlane.lanes.get('runware');
    expect(lane?.breaker.state(performance.now())).toBe('closed');
  });

  it('gives a refusal of the content policy to the caller, without failover', async () => {
    route({ fal: 0, runware: 1 });
    plane.sandbox.control('runware', { contentPolicyRate: 1 });
    const response = await generate({ prompt: 'x' });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ code: 'content-policy', attempts: [{ provider: 'runware' }] });
  });

  it('fails over from a wrong key and shows it in health', async () => {
    route({ fal: 0, runware: 1 });
    plane.sandbox.control('runware', { unauthorized: true });
    expect((await (await generate({ prompt: 'x' })).json()).provider).toBe('fal');
    const health = await (await fetch(`${plane.url}/api/health`)).json();
    expect(health.providers.runware).toMatchObject({ ok: false, configured: true, deprecated: true });
    expect(health.providers.runware.error).toMatch(/key|auth|401/i);
  });

  it('goes on when the caller hangs up', async () => {
    // Longer than a busy machine needs to hang up meanwhile.
    plane.sandbox.control('fal', { latencyMs: 1500 });
    const hangUp = new AbortController();
    const request = fetch(`${plane.url}/api/generate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-id': 'hung-up-1' },
      body: '{"prompt":"x"}',
      signal: hangUp.signal,
    });
    const lost = expect(request).rejects.toThrow();
    await expect.poll(() => calls('fal')).toBe(1);
    hangUp.abort();
    await lost;
    await expect.poll(() => plane.runtime.dataPlane.recent.find('hung-up-1')?.provider).toBe('fal');
  });

  describe('with an Idempotency-Key', () => {
    const keyed = (key: string, body: unknown = { prompt: 'x' }) => generate(body, { 'idempotency-key': key });

    it('calls once and replays the answer', async () => {
      const first = await keyed('k1');
      const again = await keyed('k1');
      expect(again.headers.get('idempotency-replayed')).toBe('true');
      expect(again.headers.get('idempotency-store')).toBe('memory');
      expect(await again.json()).toEqual(await first.json());
      expect(calls('fal')).toBe(1);
    });

    it('refuses another body, and a second request beside the first', async () => {
      plane.sandbox.control('fal', { latencyMs: 150 });
      const [first, second] = await Promise.all([keyed('k2'), keyed('k2')]);
      expect([first.status, second.status].sort()).toEqual([200, 409]);
      const other = await keyed('k2', { prompt: 'y' });
      expect(other.status).toBe(422);
      expect(await other.json()).toMatchObject({ code: 'idempotency-mismatch' });
      expect(calls('fal')).toBe(1);
    });

    it('keeps an unknown outcome unknown', async () => {
      await endSoon();
      plane.sandbox.control('fal', { hang: true });
      expect((await keyed('k3')).status).toBe(504);
      plane.sandbox.restore('fal');
      const again = await keyed('k3');
      expect(again.status).toBe(504);
      expect(again.headers.get('idempotency-replayed')).toBe('true');
      expect(calls('fal')).toBe(1);
    });

    it('frees the key of a request that surely did nothing', async () => {
      plane.sandbox.control('fal', { failureRate: 1 });
      expect((await keyed('k4')).status).toBe(502);
      plane.sandbox.control('fal', { failureRate: 0 });
      expect((await keyed('k4')).status).toBe(200);
    });
  });

  it.each([
    [{}, 'prompt is missing'],
    [{ prompt: '' }, 'empty'],
    [{ prompt: ' \n ' }, 'blank'],
    [{ prompt: 7 }, 'must be text'],
    [{ prompt: 'a\0b' }, 'NUL'],
    [{ prompt: '\ud800' }, 'surrogate'],
    [{ prompt: 'x'.repeat(10_000) }, 'at most 3000'],
    [{ prompt: 'x', n: 0 }, 'n is 0; it must be an integer from 1 to 10'],
    [{ prompt: 'x', n: 10 }, 'n cannot be said to the arms of this split (fal: n must be a whole number from 1 to 4)'],
    [{ prompt: 'x', n: 1000 }, 'n is 1000'],
    [{ prompt: 'x', n: '2' }, 'n is "2"'],
    [{ prompt: 'x', width: -1 }, 'width is -1'],
    [{ prompt: 'x', height: 100_000 }, 'height is 100000'],
    [{ prompt: 'x', width: 1000.5 }, 'an integer from 64 to 8192'],
    [{ prompt: 'x', width: 512, aspect_ratio: '1:1' }, 'aspect_ratio stands beside width and height'],
    [{ prompt: 'x', aspect_ratio: '1x1' }, 'must be like "16:9"'],
    [
      { prompt: 'x', steps: 13 },
      'steps cannot be said to the arms of this split (fal: steps must be a whole number from 1 to 12)',
    ],
    [{ prompt: 'x', image: 'http://a.example/1.png' }, 'must be an https URL'],
    [{ prompt: 'x', image: 'https://169.254.169.254/x' }, 'not public'],
    [{ prompt: 'x', image: 'data:image/png;base64,AAAA' }, 'is no image'],
    [{ prompt: 'x', loras: [{ model: 'file:///etc/passwd' }] }, 'must be an https URL'],
    [{ prompt: 'x', provider_options: { fal: { webhook_url: 'https://a.example' } } }, 'may not be set by a request'],
    [{ prompt: 'x', provider_options: { runware: { taskUUID: 'x' } } }, 'is for Sluice to say'],
    [{ prompt: 'x', provider_options: { nobody: {} } }, 'no provider that is registered'],
    [{ model: 'flux-dev' }, 'prompt is missing'],
    [{ prompt: 'x', mask: 'https://a.example/mask.png' }, 'mask stands without an image'],
    [{ prompt: 'x', model: 'no-such-model' }, 'no-such-model'],
    [{ prompt: 'x', widht: 512 }, 'widht'],
    [[], 'The body is []'],
    [null, 'The body is null'],
  ])('refuses row %#', async (body, sentence) => {
    const response = await generate(body);
    expect(response.status).toBe(422);
    const problem = await response.json();
    expect(problem.code).toBe('request-invalid');
    expect(problem.detail).toContain(sentence);
    expect(problem.errors.length).toBeGreaterThan(0);
    expect(calls('fal') + calls('runware')).toBe(0);
  });

  it('refuses a megabyte of words', async () => {
    const response = await generate({ prompt: 'x'.repeat(1_000_000) });
    expect(response.status).toBe(422);
    expect((await response.json()).detail).toContain('at most 32000');
  });
});
