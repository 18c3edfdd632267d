import { afterEach, describe, expect, it } from 'vitest';
import type { AlertStore } from '@/lib/control/alerts/alert-store';
import { TellAlerts } from '@/lib/gateway/health/data-plane-alerts';
import { probeProviders } from '@/lib/gateway/health/probe-providers';
import { type TestDataPlane, testDataPlane } from '@/test/support/data-plane';

describe('GET /api/health', () => {
  let plane: TestDataPlane;
  afterEach(() => plane.close());

  const start = async (env: Record<string, string> = {}) => {
    plane = await testDataPlane({ env });
    await probeProviders(plane.runtime.dataPlane);
  };
  const health = async () => {
    const response = await fetch(`${plane.url}/api/health`);
    return { status: response.status, body: await response.json() };
  };

  it('says .providers to the letter', async () => {
    await start();
    plane.runtime.dataPlane.weights.offer({ version: 1, text: '{"fal":0.9,"runware":0.1}', stage: 'D1' });
    const { status, body } = await health();
    expect(status).toBe(200);
    expect(body.providers).toEqual({
      fal: { ok: true, latency_ms: expect.any(Number), error: null, configured: true },
      runware: { ok: true, latency_ms: expect.any(Number), error: null, configured: true, deprecated: true },
      config: { primary: 'fal', weights: { fal: 0.9, runware: 0.1 } },
    });
    expect(Object.keys(body)[0]).toBe('providers');
  });

  it('is red for a wrong key by the probe alone, and green again when it is right', async () => {
    await start();
    plane.sandbox.control('runware', { unauthorized: true });
    await probeProviders(plane.runtime.dataPlane);
    const wrong = await health();
    expect(wrong.status).toBe(200);
    expect(wrong.body.providers.runware).toMatchObject({ ok: false, configured: true, error: 'it refuses our key' });
    plane.sandbox.restore('runware');
    await probeProviders(plane.runtime.dataPlane);
    expect((await health()).body.providers.runware).toMatchObject({ ok: true, error: null });
  });

  it('keeps what a provider says to ourselves', async () => {
    await start();
    plane.sandbox.control('fal', { failureRate: 1, status: 500, kind: 'internal_error', probes: true });
    await probeProviders(plane.runtime.dataPlane);
    for (let i = 0; i < 6; i += 1) await plane.post('/api/generate', { prompt: 'x' });
    const said = plane.runtime.dataPlane.lanes.get('fal')?.traffic?.error ?? '';
    expect(said).toContain('HTTP 500');
    const { body } = await health();
    expect(body.providers.fal).toMatchObject({ ok: false, error: 'calls are held back: it answers with errors' });
    expect(JSON.stringify(body)).not.toContain('HTTP 500');
  });

  it('shows a provider without a key, assigns it nothing and serves on', async () => {
    plane = await testDataPlane({ without: ['RUNWARE_API_KEY'] });
    plane.runtime.dataPlane.weights.offer({ version: 1, text: '{"fal":0,"runware":1}', stage: 'D3' });
    const { status, body } = await health();
    expect(status).toBe(200);
    expect(body.providers.runware).toMatchObject({ ok: false, configured: false });
    expect((await (await plane.post('/api/generate', { prompt: 'x' })).json()).provider).toBe('fal');
  });

  it('is 503 only when nothing can be served', async () => {
    plane = await testDataPlane({ without: ['RUNWARE_API_KEY', 'FAL_KEY'] });
    expect((await health()).status).toBe(503);
    const response = await plane.post('/api/generate', { prompt: 'x' });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('30');
  });

  it('raises an alert for a dead key and ends it', async () => {
    await start();
    const open = new Set<string>();
    const alerts: Pick<AlertStore, 'raise' | 'resolve'> = {
      raise: async ({ kind, key }) => ({ id: 1, isNew: Boolean(open.add(`${kind} ${key}`)) }),
      resolve: async (kind, key) => void open.delete(`${kind} ${key}`),
    };
    const teller = new TellAlerts(plane.runtime.dataPlane, alerts as AlertStore);
    plane.sandbox.control('fal', { unauthorized: true });
    await probeProviders(plane.runtime.dataPlane);
    await teller.tell();
    expect([...open]).toEqual(['provider_key_dead fal']);
    plane.sandbox.restore('fal');
    await probeProviders(plane.runtime.dataPlane);
    await teller.tell();
    expect([...open]).toEqual([]);
  });
});
