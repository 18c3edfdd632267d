import { actingAs } from '@/lib/access/acting-as';
import type { Sql } from '@/lib/postgres/sql';
import { readRegistry } from '@/lib/registry/read-registry';
import type { ArmEntry, DialectEntry, ProviderEntry } from '@/lib/registry/registry';
import type { RegistryWrite, SplitChange } from '@/lib/registry/write-registry';
import * as write from '@/lib/registry/write-registry';
import { firstSplit, usualSlug } from '@/lib/split/split-key';
import { type NewSplit, newSplit } from './new-split';

export type RegistryStore = ReturnType<typeof registryStore>;

/** The registry as operators read and change it; each change gives the registry's version after it. */
export function registryStore(sql: Sql) {
  return {
    read: () => readRegistry(sql),
    /** How many changes it has seen, and the database's now. */
    async standing(): Promise<{ readonly version: number; readonly nowMs: number }> {
      const [row] = await sql<
        { version: number; now: Date }[]
      >`select sluice.registry_version() as version, now() as now`;
      return { version: row?.version ?? 0, nowMs: row?.now.getTime() ?? 0 };
    },
    /** What splits in use are called, the first one first; of a schema from before there were several, it alone. */
    async slugs(): Promise<readonly string[]> {
      try {
        const rows = await sql<{ slug: string }[]>`
          select s.slug from sluice.splits s where s.archived_at is null
          order by s.key <> ${firstSplit}, s.is_default desc, s.slug`;
        return rows.map(({ slug }) => slug);
      } catch (error) {
        if ((error as { code?: string }).code === '42P01') return [usualSlug(firstSplit)];
        throw error;
      }
    },
    async isArchived(key: string): Promise<boolean> {
      const [row] = await sql`select from sluice.splits s where s.key = ${key} and s.archived_at is not null`;
      return row !== undefined;
    },
    newSplit: (asked: NewSplit, by: RegistryWrite) => newSplit(sql, asked, by),
    changeSplit: (key: string, change: SplitChange, by: RegistryWrite) => write.changeSplit(sql, key, change, by),
    putArm: (split: string, arm: ArmEntry, by: RegistryWrite) => write.putArm(sql, split, arm, by),
    removeArm: (split: string, name: string, by: RegistryWrite) => write.removeArm(sql, split, name, by),
    putProvider: (provider: ProviderEntry, by: RegistryWrite) => write.putProvider(sql, provider, by),
    removeProvider: (name: string, by: RegistryWrite) => write.removeProvider(sql, name, by),
    /** What came of a test call: the journal alone keeps it. */
    async noteTest(provider: string, outcome: string, actor: string): Promise<void> {
      await sql.begin(async (tx) => {
        await actingAs(tx, actor);
        await tx`select sluice.note_provider_test(${provider}, ${outcome})`;
      });
    },
    putDialect: (dialect: DialectEntry, by: RegistryWrite) => write.putDialect(sql, dialect, by),
    removeDialect: (name: string, by: RegistryWrite) => write.removeDialect(sql, name, by),
    putModel: (model: write.WrittenModel, by: RegistryWrite) => write.putModel(sql, model, by),
    removeModel: (alias: string, provider: string, by: RegistryWrite) => write.removeModel(sql, alias, provider, by),
  };
}

/** After these the other pages of this process hear of it at once. */
export const registryWrites = [
  ...(['newSplit', 'changeSplit', 'putArm', 'removeArm'] as const),
  ...(['putProvider', 'removeProvider', 'putModel', 'removeModel', 'noteTest'] as const),
  ...(['putDialect', 'removeDialect'] as const),
];
