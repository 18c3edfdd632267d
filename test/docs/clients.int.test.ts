import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientNames, snippets, usualPlace, videoSnippets } from '@/scripts/sluice/clients/snippets';
import { type TestDataPlane, testDataPlane } from '../support/data-plane';
import { type TestDatabase, testDatabase } from '../support/database';
import { addVideoSplit } from '../support/video-split';

const key = 'key-of-the-pages-0123456789abcdef';
let plane: TestDataPlane;
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await addVideoSplit(database.sql, { old: 1, new: 0 });
  plane = await testDataPlane({ env: { SLUICE_API_KEYS: key, DATABASE_URL: database.url } });
});
afterAll(async () => {
  await plane.close();
  await database.close();
});

/** As its reader would run it: only the address is the test's. */
function run(language: string, code: string): Promise<string> {
  const text = code.replaceAll(usualPlace.url, plane.url);
  const [program, args] =
    language === 'sh' ? ['/bin/sh', ['-c', text]] : [process.execPath, ['--input-type=module', '--eval', text]];
  const env = { ...process.env, FAL_KEY: undefined, SLUICE_KEY: key };
  return new Promise((done, fail) => {
    execFile(program as string, args as string[], { env, timeout: 30_000 }, (error, stdout, stderr) =>
      error ? fail(new Error(`${error.message}\n${stderr}`)) : done(stdout),
    );
  });
}

const blocksOf = (file: string) =>
  [...readFileSync(file, 'utf8').matchAll(/```(js|sh)\n([\s\S]*?)\n```/g)].map(([, , code = '']) => code);

describe.each(['docs/clients.md', 'docs/clients.zh-CN.md'])('%s', (file) => {
  it('shows what `sluice integration` prints, for every client', () => {
    const videos = videoSnippets.map((code) => code(usualPlace.url));
    expect(blocksOf(file)).toEqual([...clientNames.map((name) => snippets[name].code(usualPlace)), ...videos]);
  });
});

describe('every block of it runs as it stands', () => {
  it.each(clientNames)('%s', async (name) => {
    const { language, code } = snippets[name];
    const before = plane.sandbox.counters('fal').inference ?? 0;
    const said = await run(language, code(usualPlace));
    expect(said.trim()).toMatch(/^(?:https?:\/\/|\d+$|\{"request_id")/);
    expect(plane.sandbox.counters('fal').inference ?? 0).toBe(before + 1);
  });

  it.each(videoSnippets.map((code) => code(usualPlace.url)))('a video, the block %#', async (code) => {
    const before = plane.sandbox.jobs('fal').length;
    expect((await run('js', code)).trim()).toMatch(/^(?:https?:\/\/|\d+$)/);
    expect(plane.sandbox.jobs('fal').length).toBe(before + 1);
  });
});
