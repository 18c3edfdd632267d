import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { buildIfStale } from '@/scripts/build/build-if-stale';
import { type Sandbox, startSandbox } from '@/scripts/sandbox/start';
import { addSplit } from '@/test/gateway/splits/add-split';
import { type TestRollout, testRollout } from '@/test/support/rollout';
import { startWebProcess, type WebProcess } from '@/test/support/web-process';
import { type FuzzRequest, httpRequests, type Keys, rawBytes } from './http-request';
import { type FuzzAnswer, send, sendBytes } from './send';
import { requests, tries, withinMs } from './size';

vi.setConfig({ testTimeout: withinMs, hookTimeout: 240_000 });

const keys: Keys = {
  admin: 'slt-fuzz-admin-token-0123456789abcdef',
  api: 'slt-fuzz-api-key-0123456789abcdef',
  cron: 'slt-fuzz-cron-secret-0123456789abcdef',
};
const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sluice-fuzz-web-'));
/** Sent at once: they meet each other's writes. */
const together = 8;
const slowMs = 1000;

let rollout: TestRollout;
let sandbox: Sandbox;
let web: WebProcess;
beforeAll(async () => {
  await buildIfStale(root);
  rollout = await testRollout();
  await addSplit(rollout.database.sql, { key: 'FILM_WEIGHTS', slug: 'film', kind: 'job', weights: { old: 1, new: 0 } });
  sandbox = await startSandbox({ seed: 7 });
  for (const name of ['fal', 'runware'] as const) sandbox.control(name, { latencyMs: 0 });
  web = await startWebProcess(root, {
    DATABASE_URL: rollout.database.url,
    SLUICE_DATA_DIR: folder,
    ...{ SLUICE_ADMIN_TOKEN: keys.admin, SLUICE_API_KEYS: keys.api, CRON_SECRET: keys.cron },
    ...{ SLUICE_SANDBOX: '1', SLUICE_ALLOW_PRIVATE_WEBHOOKS: '1', LOG_LEVEL: 'info' },
    ...{ SLUICE_RATE_SIGN_IN: '0', SLUICE_RATE_CRON: '0' },
    ...{ FAL_KEY: sandbox.falKey, FAL_BASE_URL: sandbox.falUrl },
    ...{ RUNWARE_API_KEY: sandbox.runwareKey, RUNWARE_BASE_URL: sandbox.runwareUrl },
  });
});
afterAll(async () => {
  await web?.stop();
  await sandbox?.close();
  await rollout?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Codes of a 503 that say what is true while everybody writes the same row at once. */
const honest = ['split-contended'];
/** What is not offered is said so, in the words of its door. */
const notOffered = /"(?:not_offered|not_implemented)"/;
const leak =
  /\n\s+at .+:\d+:\d+|node_modules|\.tsx?:\d+|PostgresError|\b(?:select|insert into|update) .+ (?:from|values|set) /;

function judge(made: FuzzRequest, answer: FuzzAnswer): string | null {
  const { status, text, type } = answer;
  const isPage = type.startsWith('text/html');
  const isHonest = status === 501 && (made.method === 'HEAD' || notOffered.test(text));
  if (status >= 500 && !isHonest && !(status === 503 && honest.some((code) => text.includes(`"${code}"`))))
    return `a ${status}`;
  if (!isPage && leak.test(text) && status >= 400) return 'a stack or a statement in the answer';
  // Node itself answers this one, before any handler.
  const isNodes = status === 431;
  // `/api/../x` is the page /x.
  const { pathname } = new URL(made.target, web.url);
  // FAL's door refuses in FAL's shape.
  const isOurs =
    pathname.startsWith('/api/') &&
    !pathname.startsWith('/api/fal/') &&
    made.method !== 'HEAD' &&
    status >= 400 &&
    !isNodes;
  if (isOurs && !type.startsWith('application/problem+json')) return `${status} as ${type || 'nothing'}`;
  return null;
}

const seen = { sent: 0, slowest: 0, statuses: {} as Record<string, number> };

async function sendAndJudge(made: FuzzRequest, version: string): Promise<void> {
  let answer = await send(web.url, made, version);
  // Slow is what is slow again: the first time it may have been the machine.
  for (let again = 0; again < 2 && answer.ms > slowMs; again++) answer = await send(web.url, made, version);
  seen.sent++;
  seen.slowest = Math.max(seen.slowest, answer.ms);
  seen.statuses[answer.status] = (seen.statuses[answer.status] ?? 0) + 1;
  const fault = answer.ms > slowMs ? `took ${Math.round(answer.ms)} ms three times` : judge(made, answer);
  if (fault === null) return;
  const body = made.body ? Buffer.from(made.body).toString() : '';
  const id = /"request_id":"([^"]+)"/.exec(answer.text)?.[1] ?? 'no id';
  const log = web
    .output()
    .split('\n')
    .filter((line) => line.includes(id));
  expect.fail(
    `${fault}: ${made.method} ${made.target}\n${JSON.stringify(made.headers)}\n${body.slice(0, 2000)}\n→ ${answer.status} ${answer.text.slice(0, 2000)}\n${log.join('\n')}`,
  );
}

it(`answers any ${requests} requests without a 5xx, a stack or a second's wait`, async () => {
  const all = fc.array(httpRequests(keys), { minLength: together, maxLength: together });
  await fc.assert(
    fc.asyncProperty(all, async (made) => {
      const version = `"${await rollout.version()}"`;
      await Promise.all(made.map((each) => sendAndJudge(each, version)));
    }),
    tries(Math.ceil(requests / together)),
  );
  const statuses = Object.entries(seen.statuses).map(([status, count]) => `${status}: ${count}`);
  console.log(`${seen.sent} requests, slowest ${Math.round(seen.slowest)} ms; ${statuses.join(', ')}`);
});

it.each(['websocket', 'h2c'])('answers a request that offers %s as one that does not', async (protocol) => {
  expect((await fetch(`${web.url}/sign-in`)).status).toBe(200);
  const offer = `Host: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n\r\n`;
  for (const [path, status] of [
    ['/api/nothing', 404],
    ['/api/health/live', 200],
  ] as const)
    expect(await sendBytes(web.url, Buffer.from(`GET ${path} HTTP/1.1\r\n${offer}`))).toContain(`HTTP/1.1 ${status} `);
});

it('answers or closes whatever bytes come, and goes on', async () => {
  await fc.assert(
    fc.asyncProperty(rawBytes, async (bytes) => {
      const answer = await sendBytes(web.url, bytes);
      expect(answer === '' || /^HTTP\/1\.1 [1-4]\d\d /.test(answer) || answer.startsWith('HTTP/1.1 503 '), answer).toBe(
        true,
      );
    }),
    tries(Math.ceil(requests / 20)),
  );
  console.log(`${Math.ceil(requests / 20)} pieces of raw bytes`);
  expect((await fetch(`${web.url}/api/health/live`)).status).toBe(200);
});
