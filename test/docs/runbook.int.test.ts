import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openControl } from '@/lib/process/open-control';
import { type TestDatabase, testDatabase } from '../support/database';
import { jobRow } from '../support/polled-jobs';
import { freePort } from '../support/postgrest';

const blocks = (file: string, language: string) =>
  [...readFileSync(file, 'utf8').matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    ([, body = '']) => body,
  );
const commands = (file: string) =>
  blocks(file, 'sh').flatMap((body) => body.split('\n').filter((line) => line.startsWith('npm run sluice')));

let database: TestDatabase;
let folder: string;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  database = await testDatabase();
  folder = mkdtempSync(join(tmpdir(), 'sluice-runbook-'));
  const PORT = String(await freePort());
  env = { ...process.env, DATABASE_URL: database.url, SLUICE_DATA_DIR: folder, PORT, SLUICE_SANDBOX: '1' };
  // A rollout under way, so that there is something to roll back.
  const { control, close } = await openControl(database.url);
  await database.sql`insert into public.feature_flags (flag_key, flag_value_text) values ('GEN_PROVIDER_WEIGHTS', '{"fal":1,"runware":0}') on conflict do nothing`;
  const { row } = await control.flags.readSplit();
  const write = { verb: 'advance' as const, actor: 'operator:ann', reason: null, expectedVersion: row?.version ?? 0 };
  await control.flags.writeWeights({ fal: 0.9, runware: 0.1 }, write);
  await close();
  // Jobs to look at, one of them blocked, and one to cancel.
  const blocked = { provider: 'fal', adapter: 'fal', request_id: 'r-film-2', blocked: 'fal has no key' };
  await jobRow(database.sql, 'https://fal.run', { ...blocked, dueInMs: 3_600_000 });
  await jobRow(database.sql, 'https://fal.run', { ...blocked, request_id: 'r-film-1', dueInMs: 3_600_000 });
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** As a shell would run it, without the half second of npm. */
function run(line: string): Promise<{ code: number; output: string }> {
  const script = line.replace(/^npm run sluice --/, `"${process.execPath}" scripts/sluice/bin.mjs`);
  return new Promise((done) => {
    execFile('/bin/sh', ['-c', script], { env, timeout: 50_000 }, (error, stdout, stderr) => {
      done({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, output: `${stdout}${stderr}` });
    });
  });
}

// What each command may end with, as the rollout stands when the page is read from top to bottom.
const otherEnds: readonly (readonly [RegExp, readonly number[]])[] = [
  [/doctor/, [0, 1]],
  // The page explains pausing after a rollback has already ended the rollout: told so, not broken.
  [/ (pause|resume) /, [0, 3, 4]],
];

describe('docs/runbook.md', () => {
  it('has commands to run, and the Chinese page has the same', () => {
    const shape = (line: string) => line.replace(/'[^']*'/g, "''");
    expect(commands('docs/runbook.md').length).toBeGreaterThan(12);
    expect(commands('docs/runbook.zh-CN.md').map(shape)).toEqual(commands('docs/runbook.md').map(shape));
  });

  it.each(commands('docs/runbook.md'))('%s', async (line) => {
    const { code, output } = await run(line);
    const allowed = otherEnds.find(([pattern]) => pattern.test(line))?.[1] ?? [0];
    expect([code, output]).toEqual([allowed.includes(code) ? code : allowed[0], output]);
    expect(output).not.toMatch(/\n\s+at |undefined|\[object/);
  });

  it.each(blocks('docs/runbook.md', 'sql'))('%s', async (statement) => {
    await database.sql.unsafe(statement);
    const [row] =
      await database.sql`select flag_value_text as text from public.feature_flags where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
    expect(JSON.parse(row?.text)).toEqual({ fal: 1, runware: 0 });
  });

  it('names only verbs that exist', async () => {
    const { commands: verbs } = await import('@/scripts/sluice/commands');
    const named = [...readFileSync('docs/runbook.md', 'utf8').matchAll(/sluice\s+-- (\w+)/g)].map(
      ([, verb]) => verb ?? '',
    );
    expect(named.filter((verb) => !Object.hasOwn(verbs, verb))).toEqual([]);
  });
});
