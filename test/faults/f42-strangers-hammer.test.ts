import { afterAll, beforeAll, expect } from 'vitest';
import { operatorStore } from '@/lib/access/operator-store';
import { addOperator } from '@/lib/access/operators';
import { type AppFrontChild, startAppFrontChild } from '../support/app-front-child';
import { type TestDatabase, testDatabase } from '../support/database';
import { writeWeights } from '../support/rollout';
import { fault } from './fault';

const adminToken = 'admin-token-of-f42-0123456789abcdef';
const cronSecret = 'cron-secret-of-f42-0123456789abcdef';

let database: TestDatabase;
let web: AppFrontChild;
let operator: string;
beforeAll(async () => {
  database = await testDatabase();
  await writeWeights(database.sql, { fal: 0.9, runware: 0.1 });
  operator = (
    await addOperator(
      { operators: operatorStore(database.sql) },
      { name: 'ann', role: 'viewer', validDays: null },
      'test',
    )
  ).token;
  const env = { SLUICE_ADMIN_TOKEN: adminToken, CRON_SECRET: cronSecret, SLUICE_SANDBOX: '1' };
  web = await startAppFrontChild({ DATABASE_URL: database.url, ...env });
});
afterAll(async () => {
  await web.close();
  await database.close();
});

async function call(method: string, path: string, token: string | null, body?: unknown): Promise<number> {
  const answer = await fetch(web.url + path, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  await answer.arrayBuffer();
  return answer.status;
}

/** Strangers at every door at once, with nothing, with the same guess and with a new one each time. */
const attacks: readonly ((n: number) => Promise<number>)[] = [
  () => call('POST', '/api/cron/watchdog', null),
  (n) => call('POST', '/api/cron/watchdog', `guess-${n}`),
  () => call('GET', '/api/rollout', 'the-same-guess'),
  (n) => call('GET', '/api/rollout', `slo_guess-${n}`),
  (n) => call('POST', '/api/session', null, { token: `slo_guess-${n}` }),
  (n) => call('POST', '/api/session', null, { link: `sll_guess-${n}` }),
];

fault(
  'F42',
  {
    what: 'strangers hammer cron and sign-in',
    injected: '16 at a time for 8 s, at six doors, from the same address',
    expected: 'the scheduler and the admin are heard',
  },
  async (saw) => {
    let isOver = false;
    let [refused, slowed, other] = [0, 0, 0];
    const hammer = async (start: number) => {
      for (let n = start; !isOver; n += 16) {
        const status = await attacks[n % attacks.length]!(n);
        if (status === 401) refused += 1;
        else if (status === 429) slowed += 1;
        else other += 1;
      }
    };
    const hammers = Array.from({ length: 16 }, (_, at) => hammer(at));
    const heard: Record<string, number[]> = { scheduler: [], admin: [], operator: [], 'sign-in': [] };
    const until = performance.now() + 8000;
    while (performance.now() < until) {
      heard.scheduler?.push(await call('POST', '/api/cron/watchdog?interval=10', cronSecret));
      heard.admin?.push(await call('GET', '/api/rollout', adminToken));
      heard.operator?.push(await call('GET', '/api/session', operator));
      heard['sign-in']?.push(await call('POST', '/api/session', null, { token: operator }));
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    isOver = true;
    await Promise.all(hammers);
    for (const [who, statuses] of Object.entries(heard)) expect([who, [...new Set(statuses)]]).toEqual([who, [200]]);
    expect(other).toBe(0);
    expect(slowed).toBeGreaterThan(refused);
    const lines = web
      .output()
      .split('\n')
      .filter((line) => line.includes('a wrong credential'));
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThanOrEqual(600);
    expect(lines.join()).not.toContain('guess-');
    const asked = heard.scheduler?.length ?? 0;
    saw(
      `${refused} refused, ${slowed} slowed down; scheduler, admin, operator and sign-in heard ${asked} of ${asked} times; ${lines.length} lines`,
    );
  },
);
