import { z } from 'zod';
import { excerpt } from '@/lib/kernel/excerpt';
import type { Sql, Tx } from '@/lib/postgres/sql';
import { queryWithin } from '@/lib/postgres/transaction';
import { dialectRules } from './dialects/read-dialect';
import { quotaShape } from './quota';
import {
  type DialectEntry,
  type ModelEntry,
  type ProviderEntry,
  providerStates,
  type Registry,
  type SplitEntry,
  splitKinds,
} from './registry';

const withinMs = 2000;

const record = z.record(z.string(), z.unknown());
const texts = z.array(z.string()).optional();
const label = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

const arm = z.object({ name: z.string(), provider: z.string(), model: z.string().nullable(), params: record });
const split = z.object({
  key: z.string(),
  slug: z.string(),
  kind: z.enum(splitKinds),
  label,
  match: z.object({ prefixes: texts, models: texts }),
  quota: quotaShape.optional().catch(undefined),
  imageHours: z.number().min(0).nullish().catch(undefined),
  isDefault: z.boolean(),
  archived: z.boolean(),
  arms: z.array(arm),
});
const provider = z.object({
  name: z.string(),
  adapter: z.string().nullable(),
  label,
  baseUrl: z.string().nullable(),
  options: record,
  state: z.enum(providerStates),
  deprecated: z.boolean(),
});
const model = z.object({
  alias: z.string(),
  provider: z.string(),
  providerModel: z.string(),
  price: record.nullable(),
  params: record,
  fixed: record.default({}),
  lossy: z.enum(['pin', 'refuse', 'drop']).default('pin'),
  enabled: z.boolean().default(true),
  source: z.string().nullable().default(null),
  shipped: z.boolean().default(false),
});
const dialect = z.object({ name: z.string(), rules: dialectRules });
const whole = z.object({
  version: z.number(),
  splits: z.array(z.unknown()),
  providers: z.array(z.unknown()),
  models: z.array(z.unknown()),
  /** A store or a file of an earlier version has none. */
  dialects: z.array(z.unknown()).default([]),
});

/** An entry that cannot be used, in a sentence. */
export interface RegistryFault {
  readonly of: 'split' | 'provider' | 'model' | 'dialect';
  /** As far as it can be read; '' where it cannot. */
  readonly name: string;
  readonly sentence: string;
}

/** The registry as far as it can be used, and what cannot be: one broken entry takes no other with it. */
export interface RegistryReading extends Registry {
  readonly faults: readonly RegistryFault[];
}

/** The whole registry in one call; throws where it is no registry at all. */
export async function readRegistry(db: Sql | Tx): Promise<RegistryReading> {
  const query = db<{ registry: unknown }[]>`select sluice.registry() as registry`;
  const [row] = await queryWithin(withinMs, query, 'reading the registry');
  return parseRegistry(row?.registry);
}

/** The same for one who knows a version of it; null: it is still that. */
export async function readChangedRegistry(db: Sql | Tx, known: number | null): Promise<RegistryReading | null> {
  const query = db<{ registry: unknown }[]>`
    select sluice.registry() as registry where sluice.registry_version() is distinct from ${known}::bigint`;
  const [row] = await queryWithin(withinMs, query, 'reading the registry');
  return row === undefined ? null : parseRegistry(row.registry);
}

export function parseRegistry(document: unknown): RegistryReading {
  const parsed = whole.safeParse(document);
  if (!parsed.success) throw new Error(`The registry cannot be read: ${firstFault(parsed.error)}`);
  const faults: RegistryFault[] = [];
  const each = <T>(of: RegistryFault['of'], nameIn: string, schema: z.ZodType<T>, entries: readonly unknown[]): T[] =>
    entries.flatMap((entry) => {
      const read = schema.safeParse(entry);
      if (read.success) return [read.data];
      const name = nameOf(entry, nameIn);
      const sentence = `The ${of} ${excerpt(name || '?')} is not used as it stands: ${firstFault(read.error)}.`;
      faults.push({ of, name, sentence });
      return [];
    });
  const { version, splits, providers, models, dialects } = parsed.data;
  return {
    version,
    splits: each<SplitEntry>('split', 'key', split as z.ZodType<SplitEntry>, splits),
    providers: each<ProviderEntry>('provider', 'name', provider, providers),
    models: each<ModelEntry>('model', 'alias', model, models),
    dialects: each<DialectEntry>('dialect', 'name', dialect, dialects),
    faults,
  };
}

function nameOf(entry: unknown, nameIn: string): string {
  const name = (entry as Record<string, unknown> | null)?.[nameIn];
  return typeof name === 'string' ? name : '';
}

function firstFault({ issues: [first] }: z.ZodError): string {
  const place = first?.path.map(String).join('.') || 'it';
  return `${place}: ${first?.message ?? 'invalid'}`;
}
