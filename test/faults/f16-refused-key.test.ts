import { expect } from 'vitest';
import { type TestDataPlane, testDataPlane } from '../support/data-plane';
import { fault } from './fault';

const expected = 'not retried, kind auth, health red within 30 s, failover where allowed';

async function withPlane(work: (plane: TestDataPlane) => Promise<void>): Promise<void> {
  const plane = await testDataPlane();
  try {
    await work(plane);
  } finally {
    await plane.close();
  }
}

const route = (plane: TestDataPlane, runware: number) =>
  plane.runtime.dataPlane.weights.offer({
    ...{ version: 1, stage: null },
    text: JSON.stringify({ fal: 1 - runware, runware }),
  });
const health = async (plane: TestDataPlane) => (await fetch(`${plane.url}/api/health`)).json();
const calls = (plane: TestDataPlane, name: 'fal' | 'runware') => plane.sandbox.counters(name).inference ?? 0;

fault('F16', { what: 'the key is refused', injected: '401 to everything, no traffic at all', expected }, (saw) =>
  withPlane(async (plane) => {
    await expect.poll(async () => (await health(plane)).providers.fal.ok).toBe(true);
    for (const name of ['fal', 'runware'] as const) plane.sandbox.control(name, { unauthorized: true });
    const since = performance.now();
    const red = async () => {
      const { providers } = await health(plane);
      return [providers.fal.ok, providers.runware.ok];
    };
    await expect.poll(red, { interval: 200, timeout: 30_000 }).toEqual([false, false]);
    saw(`both red after ${((performance.now() - since) / 1000).toFixed(1)} s, by their probes`);
    expect((await health(plane)).providers.fal.error).toMatch(/key|401|auth/i);
  }),
);

for (const [status, change] of [
  [401, { unauthorized: true }],
  [403, { failureRate: 1, status: 403 }],
] as const) {
  fault(
    'F16',
    { what: 'the key is refused', injected: `${status} to each call, 20 requests at 50 / 50`, expected },
    (saw) =>
      withPlane(async (plane) => {
        route(plane, 0.5);
        plane.sandbox.control('runware', change);
        const bodies = [];
        for (let n = 0; n < 20; n += 1) {
          const answer = await plane.post('/api/generate', { prompt: 'x' });
          expect(answer.status).toBe(200);
          bodies.push(await answer.json());
        }
        const first = bodies.map(({ attempts }) => attempts[0]).filter(({ provider }) => provider === 'runware');
        const kinds = first.map(({ error_kind }) => error_kind);
        expect(kinds.slice(0, 5)).toEqual(Array(5).fill('auth'));
        expect(new Set(kinds.slice(5))).toEqual(new Set(['circuit_open']));
        expect(calls(plane, 'runware')).toBe(5);
        expect(bodies.every(({ provider, attempts }) => provider === 'fal' && attempts.length <= 2)).toBe(true);
        const { providers } = await health(plane);
        expect(providers.runware).toMatchObject({ ok: false, configured: true });
        saw(`20 of 20 answered by fal; ${first.length} assigned to runware, 5 calls, none twice; red at once`);
      }),
  );
}

fault('F16', { what: 'the key is refused', injected: '401 at the only provider with a share', expected }, (saw) =>
  withPlane(async (plane) => {
    route(plane, 0);
    plane.sandbox.control('fal', { unauthorized: true });
    const answer = await plane.post('/api/generate', { prompt: 'x' });
    expect(answer.status).toBe(502);
    expect((await answer.json()).attempts).toMatchObject([{ provider: 'fal', error_kind: 'auth' }]);
    expect([calls(plane, 'fal'), calls(plane, 'runware')]).toEqual([1, 0]);
    saw('502 after 1 call; nothing goes to a provider whose share is 0');
  }),
);
