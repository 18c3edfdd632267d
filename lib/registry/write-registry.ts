import { actingAs } from '@/lib/access/acting-as';
import { excerpt } from '@/lib/kernel/excerpt';
import { jsonText } from '@/lib/kernel/json-text';
import { capital } from '@/lib/kernel/plain-text';
import { Refusal, type RefusalCode } from '@/lib/kernel/refusal';
import type { Sql, Tx } from '@/lib/postgres/sql';
import { atomically, isOpen, limitWaits } from '@/lib/postgres/transaction';
import type { ArmEntry, DialectEntry, ModelEntry, ProviderEntry, SplitEntry } from './registry';

/** Whose write it is, and on what it is based. */
export interface RegistryWrite {
  readonly actor: string;
  readonly reason: string | null;
  /** The registry's version that was seen: refused where it has moved on. Left out: whatever it is. */
  readonly expectedVersion?: number | null;
}

type SplitFields = Omit<SplitEntry, 'archived' | 'arms'>;
type Changeable = Pick<SplitEntry, 'slug' | 'label' | 'match' | 'quota' | 'imageHours' | 'isDefault' | 'archived'>;
/** What is left out stays. */
export type SplitChange = { readonly [K in keyof Changeable]?: Changeable[K] | undefined };

const lockMs = 1000;
const statementMs = 5000;

// What is put is changed where it is there, and added only else: so the guards say which of both was not done.

/** Makes a split without arms, or changes the one of this key. */
export function putSplit(db: Sql | Tx, split: SplitFields, write: RegistryWrite): Promise<number> {
  const { key, slug, kind, label, match, quota = {}, isDefault } = split;
  return writeRegistry(db, write, 'registry-invalid', async (tx) => {
    const values = () =>
      tx`${slug}, ${kind}, ${label}, ${jsonText(match)}::text::jsonb, ${jsonText(quota)}::text::jsonb, ${isDefault}`;
    const changed = await tx`update sluice.splits s
      set (slug, kind, label, match, quota, is_default) = row(${values()}) where s.key = ${key} returning s.key`;
    if (changed.length > 0) return;
    await tx`insert into sluice.splits as s (key, slug, kind, label, match, quota, is_default) values (${key}, ${values()})
      on conflict (key) do update set slug = excluded.slug, kind = excluded.kind, label = excluded.label,
        match = excluded.match, quota = excluded.quota, is_default = excluded.is_default`;
  });
}

/** What it is called, what comes to it, and whether it is in use; archiving is refused while it is not at rest. */
export function changeSplit(db: Sql | Tx, key: string, change: SplitChange, write: RegistryWrite): Promise<number> {
  const { slug = null, label = null, match, quota, imageHours, isDefault = null, archived = null } = change;
  return writeRegistry(db, write, archived ? 'still-needed' : 'registry-invalid', async (tx) => {
    const rows = await tx`
      update sluice.splits s set slug = coalesce(${slug}, s.slug), label = coalesce(${label}, s.label),
        match = coalesce(${match === undefined ? null : jsonText(match)}::text::jsonb, s.match),
        quota = coalesce(${quota === undefined ? null : jsonText(quota)}::text::jsonb, s.quota),
        is_default = coalesce(${isDefault}::boolean, s.is_default),
        image_hours = case when ${imageHours === undefined} then s.image_hours else ${imageHours ?? null}::integer end,
        archived_at = case ${archived}::boolean when true then coalesce(s.archived_at, now()) when false then null
          else s.archived_at end
      where s.key = ${key} returning s.key`;
    if (rows.length === 0) throw noSplit(key);
  });
}

export function archiveSplit(db: Sql | Tx, key: string, write: RegistryWrite): Promise<number> {
  return changeSplit(db, key, { archived: true }, write);
}

export function unarchiveSplit(db: Sql | Tx, key: string, write: RegistryWrite): Promise<number> {
  return changeSplit(db, key, { archived: false }, write);
}

export function putArm(db: Sql | Tx, split: string, arm: ArmEntry, write: RegistryWrite): Promise<number> {
  const { name, provider, model, params } = arm;
  return writeRegistry(db, write, 'registry-invalid', async (tx) => {
    const values = () => tx`${provider}, ${model}, ${jsonText(params)}::text::jsonb`;
    const changed = await tx`update sluice.arms a set (provider, model, params) = row(${values()})
      where a.split = ${split} and a.name = ${name} returning a.name`;
    if (changed.length > 0) return;
    await tx`insert into sluice.arms as a (split, name, provider, model, params)
      values (${split}, ${name}, ${values()})
      on conflict (split, name) do update set provider = excluded.provider, model = excluded.model,
        params = excluded.params`;
  });
}

export function removeArm(db: Sql | Tx, split: string, name: string, write: RegistryWrite): Promise<number> {
  return writeRegistry(db, write, 'still-needed', async (tx) => {
    const rows = await tx`delete from sluice.arms a where a.split = ${split} and a.name = ${name} returning a.name`;
    if (rows.length === 0) throw new Refusal('no-such-arm', `${split} has no arm "${name}".`);
  });
}

export function putProvider(db: Sql | Tx, provider: ProviderEntry, write: RegistryWrite): Promise<number> {
  const { name, adapter, label, baseUrl, options, state, deprecated } = provider;
  return writeRegistry(db, write, 'registry-invalid', async (tx) => {
    const values = () =>
      tx`${adapter}, ${label}, ${baseUrl}, ${jsonText(options)}::text::jsonb, ${state}, ${deprecated}`;
    const changed = await tx`
      update sluice.providers p set (adapter, label, base_url, options, state, deprecated) = row(${values()})
      where p.name = ${name} returning p.name`;
    if (changed.length > 0) return;
    await tx`insert into sluice.providers as p (name, adapter, label, base_url, options, state, deprecated)
      values (${name}, ${values()})
      on conflict (name) do update set adapter = excluded.adapter, label = excluded.label,
        base_url = excluded.base_url, options = excluded.options, state = excluded.state,
        deprecated = excluded.deprecated`;
  });
}

export function removeProvider(db: Sql | Tx, name: string, write: RegistryWrite): Promise<number> {
  return writeRegistry(db, write, 'still-needed', async (tx) => {
    const rows = await tx`delete from sluice.providers p where p.name = ${name} returning p.name`;
    if (rows.length === 0) throw new Refusal('no-such-provider', `There is no provider "${name}".`);
  });
}

export function putDialect(db: Sql | Tx, { name, rules }: DialectEntry, write: RegistryWrite): Promise<number> {
  return writeRegistry(db, write, 'registry-invalid', async (tx) => {
    const value = () => tx`${jsonText(rules)}::text::jsonb`;
    const changed = await tx`update sluice.dialects d set rules = ${value()} where d.name = ${name} returning d.name`;
    if (changed.length > 0) return;
    await tx`insert into sluice.dialects as d (name, rules) values (${name}, ${value()})
      on conflict (name) do update set rules = excluded.rules`;
  });
}

export function removeDialect(db: Sql | Tx, name: string, write: RegistryWrite): Promise<number> {
  return writeRegistry(db, write, 'still-needed', async (tx) => {
    const rows = await tx`delete from sluice.dialects d where d.name = ${name} returning d.name`;
    if (rows.length === 0) throw new Refusal('no-such-dialect', `There is no dialect "${excerpt(name)}" of yours.`);
  });
}

export type WrittenModel = Pick<ModelEntry, 'alias' | 'provider' | 'providerModel' | 'price' | 'params'> &
  Partial<Pick<ModelEntry, 'fixed' | 'lossy' | 'enabled' | 'source'>>;

/** What is left out of it is as usual; the row is the writer's from then on. */
export function putModel(db: Sql | Tx, model: WrittenModel, write: RegistryWrite): Promise<number> {
  const {
    alias,
    provider,
    providerModel,
    price,
    params,
    fixed = {},
    lossy = 'pin',
    enabled = true,
    source = null,
  } = model;
  return writeRegistry(db, write, 'registry-invalid', async (tx) => {
    const values = () => tx`${providerModel}, ${jsonText(price ?? {})}::text::jsonb, ${jsonText(params)}::text::jsonb,
      ${jsonText(fixed)}::text::jsonb, ${lossy}, ${enabled}, ${source}`;
    const changed = await tx`update sluice.models m
      set (provider_model, price, params, fixed, lossy, enabled, source, shipped) = row(${values()}, false)
      where m.alias = ${alias} and m.provider = ${provider} returning m.alias`;
    if (changed.length > 0) return;
    await tx`
      insert into sluice.models as m (alias, provider, provider_model, price, params, fixed, lossy, enabled, source)
      values (${alias}, ${provider}, ${values()})
      on conflict (alias, provider) do update set provider_model = excluded.provider_model, price = excluded.price,
        params = excluded.params, fixed = excluded.fixed, lossy = excluded.lossy, enabled = excluded.enabled,
        source = excluded.source, shipped = false`;
  });
}

export function removeModel(db: Sql | Tx, alias: string, provider: string, write: RegistryWrite): Promise<number> {
  return writeRegistry(db, write, 'still-needed', async (tx) => {
    const rows = await tx`
      delete from sluice.models m where m.alias = ${alias} and m.provider = ${provider} returning m.alias`;
    if (rows.length === 0) throw new Refusal('no-such-model', `Provider "${provider}" has no model "${alias}".`);
  });
}

/**
 * One journaled change of one row of the registry, and the registry's version after it. The triggers judge it; what they
 * refuse is a Refusal with their sentence. Inside a transaction it is a savepoint of it.
 */
async function writeRegistry(
  db: Sql | Tx,
  { actor, reason, expectedVersion = null }: RegistryWrite,
  refused: RefusalCode,
  change: (tx: Tx) => Promise<unknown>,
): Promise<number> {
  const work = async (tx: Tx) => {
    if (!isOpen(db)) await limitWaits(tx, lockMs, statementMs);
    await actingAs(tx, actor, reason);
    const before = await versionOf(tx);
    if (expectedVersion !== null && before !== expectedVersion) throw moved(expectedVersion, before);
    await change(tx);
    const version = await versionOf(tx);
    // The head of the chain is locked by our own row, so what came between is seen by now.
    if (expectedVersion !== null && version > expectedVersion + 1) throw moved(expectedVersion, version - 1);
    return version;
  };
  try {
    return await atomically(db, work);
  } catch (error) {
    throw refusalOf(error, refused) ?? error;
  }
}

async function versionOf(tx: Tx): Promise<number> {
  const [row] = await tx<{ version: number }[]>`select sluice.registry_version() as version`;
  return row?.version ?? 0;
}

/** What the guard said, as it said it. */
function refusalOf(error: unknown, refused: RefusalCode): Refusal | null {
  const { code, message } = error as { code?: string; message?: string };
  if (code !== '22023' || message === undefined) return null;
  return new Refusal(refused, capital(`${message}.`));
}

function moved(seen: number, version: number): Refusal {
  const detail = `You saw version ${seen} of the registry; it is at ${version} now. Read it again, then decide.`;
  return new Refusal('stale-version', detail, { version });
}

const noSplit = (key: string) => new Refusal('unknown-split', `There is no split ${key}.`);
