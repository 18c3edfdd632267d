import { afterAll, beforeAll, expect, it } from 'vitest';
import { GET } from '@/app/.well-known/security.txt/route';
import { inProcess } from '@/lib/kernel/once-in-process';
import { type TestDataPlane, testDataPlane } from '@/test/support/data-plane';

const path = '/.well-known/security.txt';
const kept = inProcess();
const places = ['runtime', 'env', 'log'] as const;
let plane: TestDataPlane;

beforeAll(async () => {
  plane = await testDataPlane({ env: { SLUICE_SECURITY_CONTACT: 'mailto:security@example.com' } });
  const { runtime } = plane;
  for (const [index, value] of [runtime, runtime.env, runtime.log].entries()) kept[String(places[index])] = value;
});
afterAll(async () => {
  for (const place of places) delete kept[place];
  await plane.close();
});

it('is the same by the front and by Next alone, without a key', async () => {
  const byFront = await fetch(plane.url + path);
  const byNext = await GET(new Request(`http://localhost${path}`, { headers: { host: 'localhost' } }));
  expect([byFront.status, byNext.status]).toEqual([200, 200]);
  const text = await byFront.text();
  expect(text).toBe(await byNext.text());
  const expires = Date.parse(/^Expires: (.+)$/m.exec(text)?.[1] ?? '');
  expect(text).toMatch(/^Contact: mailto:security@example\.com$/m);
  expect(expires).toBeGreaterThan(Date.now());
  expect(expires).toBeLessThan(Date.now() + 365 * 24 * 3600 * 1000);
});

it('refuses to be written', async () => {
  const answer = await fetch(plane.url + path, { method: 'PUT', body: 'Contact: mailto:mallory@example.com' });
  expect(answer.status).toBe(405);
});
