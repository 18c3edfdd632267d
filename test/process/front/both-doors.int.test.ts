import { afterAll, beforeAll, expect, it } from 'vitest';
import { POST } from '@/app/api/[[...rest]]/route';
import { inProcess } from '@/lib/kernel/once-in-process';
import { type TestDataPlane, testDataPlane } from '@/test/support/data-plane';

const kept = inProcess();
const places = ['runtime', 'env', 'log'] as const;
let plane: TestDataPlane;

beforeAll(async () => {
  plane = await testDataPlane();
  const { runtime } = plane;
  for (const [index, value] of [runtime, runtime.env, runtime.log].entries()) kept[String(places[index])] = value;
});
afterAll(async () => {
  for (const place of places) delete kept[place];
  await plane.close();
});

it('is one split, whichever door a request comes through', async () => {
  plane.runtime.dataPlane.weights.offer({ version: 1, text: '{"fal":0.8,"runware":0.2}', stage: null });
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json', host: 'localhost' },
    body: '{"prompt":"x"}',
  };
  const providers: string[] = [];
  for (let i = 0; i < 100; i += 1) {
    const response =
      i % 2 === 0
        ? await plane.post('/api/generate', { prompt: 'x' })
        : await POST(new Request('http://localhost/api/generate', init));
    expect(response.status).toBe(200);
    providers.push((await response.json()).provider);
  }
  const runware = providers.filter((provider) => provider === 'runware').length;
  expect(Math.abs(runware - 20)).toBeLessThanOrEqual(2);
  expect(plane.runtime.dataPlane.lanes.get('fal')?.assigned).toBe(100 - runware);
});

it('is one breaker, too', async () => {
  plane.runtime.dataPlane.weights.offer({ version: 2, text: '{"fal":1,"runware":0}', stage: null });
  plane.sandbox.control('fal', { failureRate: 1 });
  for (let i = 0; i < 5; i += 1) await plane.post('/api/generate', { prompt: 'x' });
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json', host: 'localhost' },
    body: '{"prompt":"x"}',
  };
  const response = await POST(new Request('http://localhost/api/generate', init));
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ attempts: [{ error_kind: 'circuit_open' }] });
});
