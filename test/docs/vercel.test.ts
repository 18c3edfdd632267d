import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseEnv } from '@/lib/config/env';
import { routes } from '@/lib/doors/control/routes';

const vercel = JSON.parse(readFileSync('vercel.json', 'utf8')) as {
  crons: { path: string; schedule: string }[];
  functions?: Record<string, unknown>;
};

it('vercel.json calls the watchdog by a route that is there, as often as it says to it', () => {
  expect(vercel.crons).toEqual([{ path: '/api/cron/watchdog?interval=60', schedule: '* * * * *' }]);
  expect(routes.some(({ path, access }) => path === '/api/cron/watchdog' && access === 'cron')).toBe(true);
});

it('gives every function that waits for a provider the time of a whole request', () => {
  const { SLUICE_REQUEST_TIMEOUT_MS } = parseEnv({});
  // The files say it, in a form that a build reads without running them.
  expect(vercel.functions).toBeUndefined();
  for (const file of ['app/api/[[...rest]]/route.ts', 'app/v1/[[...rest]]/route.ts', 'app/fal/[[...rest]]/route.ts']) {
    const [, seconds] = /^export const maxDuration = (\d+);$/m.exec(readFileSync(file, 'utf8')) ?? [];
    expect(Number(seconds) * 1000, file).toBeGreaterThanOrEqual(SLUICE_REQUEST_TIMEOUT_MS);
  }
});
