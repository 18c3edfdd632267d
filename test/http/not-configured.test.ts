import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { nextDoor } from '@/lib/doors/next-door';
import { json } from '@/lib/http/respond';
import { inProcess } from '@/lib/kernel/once-in-process';

const place = 'env';
const kept = inProcess();

beforeEach(() => {
  delete kept[place];
});
afterEach(() => {
  vi.unstubAllEnvs();
  delete kept[place];
});

const answers = async () => json(200, {});
const ask = async () => {
  const { GET } = nextDoor(() => ({ limitBytes: 1024, methods: { GET: answers } }));
  const answer = await GET(new Request('http://localhost/api/rollout'));
  return { status: answer.status, body: await answer.json() };
};

it('a key that is missing is a sentence to the caller, not an empty 500', async () => {
  vi.stubEnv('VERCEL', '1');
  const { status, body } = await ask();
  expect(status).toBe(503);
  expect(body).toMatchObject({ code: 'not-configured' });
  expect(body.detail).toContain('SLUICE_API_KEYS is required on Vercel');
});

it('what a variable was set to is told to nobody', async () => {
  vi.stubEnv('PORT', 'hunter22');
  const { body } = await ask();
  expect(body.detail).toContain('PORT is not valid');
  expect(JSON.stringify(body)).not.toContain('hunter22');
});
