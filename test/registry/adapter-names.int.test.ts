import { afterAll, beforeAll, expect, it } from 'vitest';
import { adapterNames } from '@/lib/gateway/providers/adapters';
import { adapterChoice, providerAdapters } from '@/lib/registry/adapter-names';
import { type TestDatabase, testDatabase } from '@/test/support/database';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const insert = (name: string, adapter: string) =>
  database.sql`insert into sluice.providers (name, label, adapter, base_url, options)
    values (${name}, 'P', ${adapter}, 'https://api.example.com', '{"dialect":"generic"}')`;

it('names the same adapters in SQL and in TypeScript', async () => {
  const [row] = await database.sql<{ names: string[] }[]>`select sluice.adapter_names() as names`;
  expect(row?.names).toEqual(providerAdapters);
});

it('takes every adapter that ships, and refuses any other with the list', async () => {
  for (const adapter of adapterNames) await insert(`p_${adapter}`, adapter);
  await expect(insert('p_acme', 'acme')).rejects.toThrow(`must be ${adapterChoice}`);
  expect(adapterChoice).toBe('fal, runware, openai, kling, aimlapi or relay');
});
