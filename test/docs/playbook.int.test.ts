import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await database.sql`insert into public.feature_flags (flag_key, flag_value_text)
    values ('GEN_PROVIDER_WEIGHTS', '{"fal":0.5,"runware":0.5}') on conflict (flag_key) do update set flag_value_text = excluded.flag_value_text`;
});
afterAll(() => database.close());

const storedWeights = async () => {
  const [row] =
    await database.sql`select flag_value_text from public.feature_flags where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
  return JSON.parse(row?.flag_value_text);
};

it('prints a script that rolls back from any folder, and judges only with --dry-run', async () => {
  const page = readFileSync('docs/provider-switch-playbook.md', 'utf8');
  const command = /^node scripts\/ops\/.*$/m.exec(page)?.[0] ?? '';
  const script = command.replace('scripts/ops', resolve('scripts/ops'));
  const env = { ...process.env, DATABASE_URL: database.url };
  const run = (more = '') => execFileSync('/bin/sh', ['-c', script + more], { env, cwd: tmpdir(), encoding: 'utf8' });
  run(' --dry-run');
  expect(await storedWeights()).toEqual({ fal: 0.5, runware: 0.5 });
  run();
  expect(await storedWeights()).toEqual({ fal: 1, runware: 0 });
});
