import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commands as verbs } from '@/scripts/sluice/commands';
import { addSplit } from '../gateway/splits/add-split';
import { type TestDatabase, testDatabase } from '../support/database';
import { freePort } from '../support/postgrest';
import { addProvider, PlayedVendor } from '../support/relay-world';

const page = readFileSync('docs/relay-runbook.md', 'utf8');
const lines = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, body = '']) => body.trim().split('\n'));

let database: TestDatabase;
let vendor: PlayedVendor;
let folder: string;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  [database, vendor] = await Promise.all([testDatabase(), PlayedVendor.start()]);
  folder = mkdtempSync(join(tmpdir(), 'sluice-relay-runbook-'));
  const PORT = String(await freePort());
  env = { ...process.env, DATABASE_URL: database.url, SLUICE_DATA_DIR: folder, PORT };
  Object.assign(env, { ACME_OLD_API_KEY: 'a-key-of-the-page', ACME_NEW_API_KEY: 'a-key-of-the-page' });
  const { sql } = database;
  for (const name of ['acme-old', 'acme-new']) await addProvider(sql, name, vendor.url, {});
  const arms = { old: ['acme-old', null], new: ['acme-new', null] } as const;
  const split = { key: 'ACME_WEIGHTS', slug: 'acme', kind: 'relay', prefixes: ['/acme'], arms } as const;
  await addSplit(sql, { ...split, weights: { old: 0.9, new: 0.1 } });
  writeFileSync(
    join(folder, 'sluice.log'),
    '{"msg":"relayed","split":"acme","arm":"new","caller":"ann","status":404}\n',
  );
});
afterAll(async () => {
  await vendor.close();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** As a shell would run it, without the half second of npm, and on a vendor of this machine. */
function run(line: string): Promise<{ code: number; output: string }> {
  const script = line
    .replace(/^npm run sluice --/, `"${process.execPath}" scripts/sluice/bin.mjs`)
    .replace('https://relay.example', vendor.url)
    .replace('{"dialect"', '{"private":true,"dialect"');
  return new Promise((done) => {
    execFile('/bin/sh', ['-c', script], { env, timeout: 50_000 }, (error, stdout, stderr) => {
      done({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, output: `${stdout}${stderr}` });
    });
  });
}

it('takes each symptom of a relay to a check and a fix', () => {
  const chapters = page.split(/^## /m).slice(2);
  expect(chapters.length).toBeGreaterThan(10);
  for (const chapter of chapters) expect(chapter).toMatch(/Check|They are 501/);
  const named = [...page.matchAll(/sluice\s+-- (\w+)/g)].map(([, verb]) => verb ?? '');
  expect(named.filter((verb) => !Object.hasOwn(verbs, verb))).toEqual([]);
});

it.each([...new Set(lines)])('%s', async (line) => {
  expect(line).toMatch(/^npm run sluice -- /);
  const { code, output } = await run(line);
  const allowed = / doctor/.test(line) ? [0, 1] : [0];
  expect([code, output]).toEqual([allowed.includes(code) ? code : 0, output]);
  expect(output).not.toMatch(/\n\s+at |undefined|\[object/);
  if (/ tail /.test(line)) expect(output).toContain('ann acme/new');
});
