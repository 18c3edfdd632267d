import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '@/lib/postgres/embedded/free-port';
import { buildIfStale, bundleFolder } from '@/scripts/build/build-if-stale';
import { type Sandbox, startSandbox } from '@/scripts/sandbox/start';
import { sandboxEnv } from '@/scripts/start/plan';
import { holdPort } from '@/scripts/start/port';
import { WebChild } from '@/scripts/start/web-child';
import { testDatabase } from '../support/database';
import { known } from '../support/freeze';

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;
let sandbox: Sandbox;
let database: Awaited<ReturnType<typeof testDatabase>>;
const ends: (() => unknown)[] = [];
beforeAll(async () => {
  await buildIfStale(root);
  folder = mkdtempSync(join(tmpdir(), 'sluice-web-'));
  [sandbox, database] = await Promise.all([startSandbox({ seed: 7 }), testDatabase()]);
  sandbox.control('fal', { latencyMs: 0 });
}, 300_000);
afterAll(async () => {
  for (const end of ends.reverse()) await end();
  await Promise.all([sandbox.close(), database.close()]);
  rmSync(folder, { recursive: true, force: true });
});

function webChild(port: number, arePagesBuilt: boolean, said: string[] = []): WebChild {
  const web = new WebChild({
    env: {
      ...{ NODE_ENV: 'production', DATABASE_URL: database.url, SLUICE_DATA_DIR: folder, LOG_LEVEL: 'fatal' },
      ...sandboxEnv(sandbox),
    },
    ...{ file: join(bundleFolder(root), 'web.mjs'), cwd: root, host: '127.0.0.1', port, arePagesBuilt },
    say: (line) => void said.push(line),
  });
  ends.push(() => web.child.stop(8000));
  web.start();
  return web;
}

const generate = (url: string) =>
  fetch(`${url}/api/generate`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ prompt: 'a fox' }),
  });

test('a web process without pages makes images at once, and opens them without a restart when they are built', async () => {
  const web = webChild(await freePort(), false);
  const url = await web.ready();
  const pid = web.child.pid;
  expect((await generate(url)).status).toBe(200);
  const page = await fetch(`${url}/sign-in`, { headers: { accept: 'text/html' } });
  expect([page.status, page.headers.get('retry-after')]).toEqual([503, '3']);
  expect(await page.text()).toContain('The pages are being built.');
  const api = await fetch(`${url}/api/openapi.json`);
  expect([api.status, (await api.json()).code]).toEqual([503, 'pages-building']);

  web.pagesAre('ready');
  await expect.poll(async () => (await fetch(`${url}/sign-in`)).status, { timeout: 45_000 }).toBe(200);
  expect((await fetch(`${url}/api/openapi.json`)).status).toBe(200);
  expect(web.child.pid).toBe(pid);
});

test('one that is started again afterwards has its pages from the start', async () => {
  const web = webChild(await freePort(), false);
  const url = await web.ready();
  web.pagesAre('ready');
  process.kill(known(web.child.pid), 'SIGKILL');
  await expect
    .poll(
      () =>
        fetch(`${url}/sign-in`).then(
          ({ status }) => status,
          () => 0,
        ),
      { timeout: 45_000 },
    )
    .toBe(200);
});

test('a port that another took in between is a sentence, not a loop that calls itself ready', async () => {
  const held = await holdPort(0, '127.0.0.1');
  ends.push(() => held.release());
  const web = webChild(held.port, true);
  await expect(web.ready()).rejects.toThrow(`Sluice already runs at http://127.0.0.1:${held.port}`);
  await web.child.stop(8000);
});
