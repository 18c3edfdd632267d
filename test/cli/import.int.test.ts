import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keys, mysql } from '../as-code/new-api/dumps';
import { type TestDatabase, testDatabase } from '../support/database';
import { sluiceLines } from '../support/sluice-line';

const sluiceLine = sluiceLines();
const env = { SLUICE_SECRET_KEY: randomBytes(32).toString('hex'), CI: '' };

let database: TestDatabase;
let folder: string;
let dump: string;
beforeAll(async () => {
  [database, folder] = await Promise.all([testDatabase(), mkdtemp(join(tmpdir(), 'sluice-import-'))]);
  dump = join(folder, 'channels.sql');
  await writeFile(dump, mysql);
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

async function sluice(args: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const ran = await sluiceLine(args, { databaseUrl: database.url, env: { ...env, ...more } });
  for (const key of Object.values(keys).flatMap((each) => each.split('|')))
    expect(ran.stdout + ran.stderr).not.toContain(key);
  return ran;
}
const providers = async () =>
  (await database.sql`select name from sluice.providers order by name`).map(({ name }) => name);

it('shows what it would write, and what has no equal here, and writes nothing', async () => {
  const before = await providers();
  const out = join(folder, 'sluice.yaml');
  const ran = await sluice(['import', 'new-api', dump, '--out', out]);
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
  for (const line of [
    '+ provider gathered-kling',
    '+ split kling',
    '+ weights of kling',
    'Of 4 channels of new-api: 3 providers, the split kling; 1 left out.',
    'channel 4 "Claude": nothing here speaks Anthropic',
    'split kling: begins with everything on gathered-kling; its last stage has the shares that the weights gave: gathered-kling 83.34 %, kling-direct 16.66 %',
    'The dump holds keys of 3 of them',
    'Nothing was written. Add --apply to write it.',
  ])
    expect(ran.stdout).toContain(line);
  expect(await providers()).toEqual(before);
  expect(ran.stdout).not.toContain('--prune');
  expect((await sluice(['plan', out])).stdout).toContain('+ split kling');
  expect(await readFile(out, 'utf8')).not.toContain('sk-');
});

it('has a page whose commands do what it says, up to the keys', async () => {
  const page = await readFile('docs/import.md', 'utf8');
  const lines = (/```bash\n([\s\S]*?)```/.exec(page)?.[1] ?? '').trim().split('\n');
  expect(lines).toHaveLength(3);
  for (const line of lines.slice(0, 2)) {
    const words = line.replace('channels.sql', dump).replace('imported.yaml', join(folder, 'imported.yaml')).split(' ');
    expect((await sluice(words.slice(2))).code, line).toBe(0);
  }
  expect(lines[2]).toBe('npx sluice import new-api channels.sql --apply --keys');
});

it('writes it at once, with its keys sealed, and says nothing is to do when it is asked again', async () => {
  const keyless = await sluice(['import', 'new-api', dump, '--apply', '--keys', '--yes'], { SLUICE_SECRET_KEY: '' });
  expect(keyless).toMatchObject({ code: 1, stderr: expect.stringContaining('Nothing was written') });
  const ran = await sluice(['import', 'new-api', dump, '--apply', '--keys', '--yes']);
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
  expect(ran.stdout).toContain('key of kling-direct: stored, version 1');
  const hints = await database.sql`select provider, hint from sluice.provider_keys order by provider`;
  expect(hints).toEqual([
    { provider: 'gathered-kling', hint: '5b7a' },
    { provider: 'images', hint: '6a7b' },
    { provider: 'kling-direct', hint: '3c4d' },
  ]);
  const [weights] =
    await database.sql`select flag_value_text as text from feature_flags where flag_key = 'KLING_WEIGHTS'`;
  expect(JSON.parse(weights?.text)).toEqual({ 'gathered-kling': 1, 'kling-direct': 0 });
  const [journal] =
    await database.sql`select reason from sluice.journal where flag_key = 'KLING_WEIGHTS' order by seq limit 1`;
  expect(journal?.reason).toContain('channels.sql, as sluice.yaml');
  const again = await sluice(['import', 'new-api', dump, '--apply', '--keys', '--yes', '--json']);
  expect(JSON.parse(again.stdout)).toMatchObject({
    ...{ applied: 0, changes: [], from: 'new-api', channels: 4 },
    keys: [{ what: 'it has one already, which stays' }, {}, {}],
  });
  const list = await sluice(['relay', 'list']);
  expect(list.stdout).toMatch(/\/kling +\| kling +\| gathered-kling +\| 100 % /);
}, 60_000);

it('a file that cannot be read, and what the database would refuse, are told in a sentence', async () => {
  const none = await sluice(['import', 'new-api', join(folder, 'none.sql')]);
  expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('is not there') });
  const broken = await sluice(['import', 'new-api', 'package.json']);
  expect(broken).toMatchObject({ code: 2, stderr: expect.stringContaining('holds no channels') });
  const other = await sluice(['import', 'litellm', dump]);
  expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('Usage: sluice import new-api FILE') });
  const taken = join(folder, 'taken.json');
  const kling = (id: number) => ({
    id,
    type: 50,
    name: `other ${id}`,
    base_url: 'https://api.klingai.com',
    models: 'kling-v1',
  });
  await writeFile(taken, JSON.stringify([kling(1), kling(2)]));
  const refused = await sluice(['import', 'new-api', taken]);
  expect(refused).toMatchObject({ code: 1, stdout: expect.stringContaining('The database would refuse it: ') });
  expect(refused.stdout).toContain('/kling');
  const alone = await sluice(['import', 'new-api', taken, '--providers-only']);
  expect(alone).toMatchObject({ code: 0, stdout: expect.stringContaining('2 providers, no split') });
}, 60_000);
