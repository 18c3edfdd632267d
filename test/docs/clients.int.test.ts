import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClientName, clientNames, snippets, usualPlace } from '@/scripts/sluice/clients/snippets';
import { type TestDataPlane, testDataPlane } from '../support/data-plane';
import { type TestDatabase, testDatabase } from '../support/database';
import { callerKeys, type RelayedWorld, relayedWorld } from '../support/relayed-world';
import { addVideoSplit } from '../support/video-split';

const key = 'key-of-the-pages-0123456789abcdef';
let plane: TestDataPlane;
let database: TestDatabase;
let relayed: RelayedWorld;
beforeAll(async () => {
  relayed = await relayedWorld();
  database = await testDatabase();
  await addVideoSplit(database.sql, { old: 1, new: 0 });
  plane = await testDataPlane({ env: { SLUICE_API_KEYS: key, DATABASE_URL: database.url } });
});
afterAll(async () => {
  await plane.close();
  await database.close();
  await relayed.close();
});

const asItStands = (name: ClientName) => snippets[name].code(usualPlace(snippets[name].kind));

/** As its reader would run it: only the address is the test's. */
function run(language: string, code: string, url = plane.url, callerKey = key): Promise<string> {
  const text = code.replaceAll('http://localhost:3000', url);
  const [program, args] =
    language === 'sh' ? ['/bin/sh', ['-c', text]] : [process.execPath, ['--input-type=module', '--eval', text]];
  const env = { ...process.env, FAL_KEY: undefined, SLUICE_KEY: callerKey };
  return new Promise((done, fail) => {
    execFile(program as string, args as string[], { env, timeout: 50_000 }, (error, stdout, stderr) =>
      error ? fail(new Error(`${error.message}\n${stderr}`)) : done(stdout),
    );
  });
}

const blocksOf = (file: string) =>
  [...readFileSync(file, 'utf8').matchAll(/```(js|sh)\n([\s\S]*?)\n```/g)].map(([, , code = '']) => code);

describe.each(['docs/clients.md', 'docs/clients.zh-CN.md'])('%s', (file) => {
  it('shows what `sluice integration` prints, for every client', () => {
    expect(blocksOf(file)).toEqual(clientNames.map(asItStands));
  });
});

describe('every block of it runs as it stands', () => {
  const of = (kind: string) => clientNames.filter((name) => snippets[name].kind === kind);

  it.each(of('image'))('%s', async (name) => {
    const before = plane.sandbox.counters('fal').inference ?? 0;
    const said = await run(snippets[name].language, asItStands(name));
    expect(said.trim()).toMatch(/^(?:https?:\/\/|\d+$|\{"request_id")/);
    expect(plane.sandbox.counters('fal').inference ?? 0).toBe(before + 1);
  });

  it.each(of('job'))('%s', async (name) => {
    const before = plane.sandbox.jobs('fal').length;
    expect((await run('js', asItStands(name))).trim()).toMatch(/^(?:https?:\/\/|\d+$)/);
    expect(plane.sandbox.jobs('fal').length).toBe(before + 1);
  });

  it.each(of('relay'))('%s', async (name) => {
    expect((await run('js', asItStands(name), relayed.plane.url, callerKeys[0])).trim()).toMatch(/^https?:\/\//);
    expect(relayed.sandbox.aggregator.counters().inference).toBe(1);
  });
});
