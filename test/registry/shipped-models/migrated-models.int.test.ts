import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { shippedModels } from '@/lib/registry/shipped-models/shipped-models';
import { shippedRegistry } from '@/lib/registry/shipped-registry';
import { type TestDatabase, testDatabase } from '@/test/support/database';

const migrations = ['20261129002600_shipped_models', '20261129002820_video_models'].map((name) =>
  readFileSync(`supabase/migrations/${name}.sql`, 'utf8'),
);
const byName = (a: { alias: string; provider: string }, b: { alias: string; provider: string }) =>
  `${a.alias} ${a.provider}` < `${b.alias} ${b.provider}` ? -1 : 1;

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

async function migrated() {
  const [row] = await database.sql`select sluice.registry() -> 'models' as models`;
  return [...(row?.models ?? [])].sort(byName);
}

it('is what a fresh database begins with', async () => {
  expect(await migrated()).toEqual(shippedModels.map((row) => ({ ...row, shipped: true })).sort(byName));
  expect([...shippedRegistry.models].sort(byName)).toEqual(await migrated());
});

it('is no change of the registry, and leaves its notes on', async () => {
  const notes = await database.sql`
    select becomes from sluice.journal
    where verb like 'model%'`;
  expect(notes).toEqual([]);
  const [trigger] = await database.sql`
    select tgenabled from pg_trigger where tgname = 'zz_note' and tgrelid = 'sluice.models'::regclass`;
  expect(trigger?.tgenabled).toBe('A');
});

it("leaves an operator's own rows and removals as they are", async () => {
  await database.sql
    .begin(async (sql) => {
      await sql`delete from sluice.models`;
      await sql`insert into sluice.models (alias, provider, provider_model) values
      ('flux-dev', 'fal', 'acme/flux'), ('our-images', 'fal', 'sdxl')`;
      for (const migration of migrations) await sql.unsafe(migration);
      const rows =
        await sql`select alias, provider, provider_model, shipped from sluice.models order by alias, provider`;
      const of = (alias: string) => rows.filter((row) => row.alias === alias);
      expect(of('flux-dev')).toMatchObject([
        { provider: 'fal', provider_model: 'acme/flux', shipped: false },
        { provider: 'runware', provider_model: 'runware:101@1', shipped: true },
      ]);
      expect(of('sdxl')).toEqual([]);
      expect(rows).toHaveLength(shippedModels.length - 2 + 1);
      await sql`rollback`;
    })
    .catch((error: Error) => {
      if (!/transaction/i.test(error.message)) throw error;
    });
});
