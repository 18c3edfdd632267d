import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Log } from '@/lib/config/log';
import { openPages } from '@/lib/process/front/pages';
import { WebChild } from '@/scripts/start/web-child';
import { known } from '../support/freeze';

let folder: string;
let web: WebChild | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-words-'));
});
afterEach(async () => {
  await web?.child.stop(2000);
  rmSync(folder, { recursive: true, force: true });
});

test('one that is started again after a failed build of the pages does not promise them', async () => {
  const file = join(folder, 'web.mjs');
  writeFileSync(file, 'console.log(JSON.stringify(process.argv.slice(2))); setInterval(() => {}, 1000);');
  const starts: string[][] = [];
  const onLine = (line: string) => void starts.push(JSON.parse(line));
  const common = { file, cwd: folder, env: {}, host: '127.0.0.1', port: 1, arePagesBuilt: false };
  web = new WebChild({ ...common, onLine, say: () => {} });
  web.start();
  await expect.poll(() => starts.length, { timeout: 45_000 }).toBe(1);
  web.pagesAre('failed');
  process.kill(known(web.child.pid), 'SIGKILL');
  await expect.poll(() => starts.length, { timeout: 45_000 }).toBe(2);
  expect(await Promise.all(starts.map(answerOf))).toEqual(['pages-building', 'pages-missing']);
});

/** What such a process answers in the place of its pages. */
async function answerOf(words: string[]): Promise<string> {
  const before = process.listeners('message');
  const { handler } = openPages(() => Promise.reject(new Error('there are none')), {} as Log, words);
  for (const ours of process.listeners('message')) if (!before.includes(ours)) process.off('message', ours);
  const server = createServer((request, response) => void handler(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/rollout`);
  server.close();
  return (await answer.json()).code;
}
