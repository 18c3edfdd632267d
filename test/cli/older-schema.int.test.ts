import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { migrate } from '@/lib/postgres/migrate/migrate';
import { type TestDatabase, testDatabase } from '../support/database';
import { writeWeights } from '../support/rollout';
import { runSluice } from '../support/run-sluice';

/** The last file of an earlier build. */
const lastOfEarlierBuild = '20261129000900';
let database: TestDatabase;
let folder: string;

/** The program was updated, its migrations were not run yet. */
beforeEach(async () => {
  database = await testDatabase({ migrated: false });
  folder = mkdtempSync(join(tmpdir(), 'older-schema-'));
  const earlier = readdirSync('supabase/migrations').filter((file) => file.slice(0, 14) <= lastOfEarlierBuild);
  for (const file of earlier) cpSync(join('supabase/migrations', file), join(folder, file));
  await migrate(database.url, { folder });
  await writeWeights(database.sql, { fal: 1, runware: 0 });
  await writeWeights(database.sql, { fal: 0, runware: 1 });
});
afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

it('a rollback is written before the migrations are', async () => {
  const { code, stdout, stderr } = await runSluice(['rollback', '--yes', '--reason', 'too many faults'], {
    databaseUrl: database.url,
  });
  expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: expect.stringMatching(/rolled back to the baseline/) });
  const [row] = await database.sql`
    select flag_value_text::jsonb as weights, stage, latch_reason from feature_flags where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
  expect(row).toEqual({ weights: { fal: 1, runware: 0 }, stage: 'rolled_back', latch_reason: 'too many faults' });
  const [last] = await database.sql`select verb, reason from sluice.journal order by id desc limit 1`;
  expect(last).toEqual({ verb: 'rollback', reason: 'too many faults' });
}, 60_000);

it('what needs the newer schema says that this one is older, and what to run', async () => {
  const { code, stderr } = await runSluice(['status'], { databaseUrl: database.url });
  expect({ code, stderr }).toEqual({
    code: expect.any(Number),
    stderr: expect.stringMatching(
      /has an older Sluice schema than this program: .*sluice\.\w+.*\. npm run migrate\.\n$/,
    ),
  });
  expect(code).not.toBe(0);
}, 60_000);
