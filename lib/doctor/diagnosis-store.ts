import type { Head } from '@/lib/control/journal/integrity';
import type { Sql } from '@/lib/postgres/sql';
import { readAccessFacts } from './access/access-facts';
import type { DatabaseFacts, InstanceFacts, RolloutFacts } from './diagnosis';
import { readEventInserters } from './event-inserters';
import { readGuardFacts } from './guard-facts';
import { readLedgerFaults } from './jobs/check-ledger';
import { readJobFacts } from './jobs/job-facts';
import { readCalls } from './splits/call-facts';
import { readSplitFacts } from './splits/split-facts';

/** Everything the doctor asks the database, each part by a statement of its own so that an old schema still answers. */
export async function readDatabaseFacts(sql: Sql, split: string, seen: readonly Head[] = []): Promise<DatabaseFacts> {
  const [now] = await sql<{ now: Date; ours: string | null }[]>`
    select clock_timestamp() as now, to_regclass('sluice.outbox')::text as ours`;
  const isOurs = Boolean(now?.ours);
  // Together: what takes long makes this machine's clock seem to be ahead.
  const [applied, rollout, access] = await Promise.all([
    readApplied(sql),
    isOurs ? readRollout(sql, split, seen) : null,
    isOurs ? readAccessFacts(sql) : null,
  ]);
  return { nowMs: now?.now.getTime() ?? 0, applied, rollout, access };
}

async function readApplied(sql: Sql): Promise<readonly string[]> {
  const [ledger] = await sql<{ own: string | null; clis: string | null }[]>`
    select to_regprocedure('sluice.applied_migrations()')::text as own,
      to_regclass('supabase_migrations.schema_migrations')::text as clis`;
  const rows = ledger?.own
    ? await sql<{ version: string }[]>`select m as version from sluice.applied_migrations() m`
    : ledger?.clis
      ? await sql<{ version: string }[]>`select m.version from supabase_migrations.schema_migrations m`
      : [];
  return rows.map(({ version }) => version);
}

async function readRollout(sql: Sql, split: string, seen: readonly Head[]): Promise<RolloutFacts> {
  const [weights, policyFault, lastTick, instances, lastWeb, outbox, guards, eventInserters, splits, ...rest] =
    await Promise.all([
      readRow(sql, split),
      readPolicyFault(sql),
      readLastTick(sql, split),
      readInstances(sql),
      readLastWeb(sql),
      readOutbox(sql),
      readGuardFacts(sql, seen),
      readEventInserters(sql),
      readSplitFacts(sql),
      readLedgerFaults(sql),
      readJobFacts(sql),
      readCalls(sql),
    ]);
  const [ledgerFaults, jobs, calls] = rest;
  const own = { weights, policyFault, lastTick, instances, lastWeb, outbox };
  return { ...own, guards, eventInserters, splits, ledgerFaults, jobs, calls };
}

async function readRow(sql: Sql, split: string): Promise<RolloutFacts['weights']> {
  const [row] = await sql<{ text: string | null; version: number; written_at: Date; fault: string | null }[]>`
    select f.flag_value_text as text, coalesce((to_jsonb(f) ->> 'version')::bigint, 0) as version, sluice.weights_fault(f.flag_value_text) as fault,
      coalesce((select j.at from sluice.journal j where j.flag_key = f.flag_key order by j.seq desc limit 1),
        f.updated_at) as written_at
    from public.feature_flags f where f.flag_key = ${split}`;
  if (!row) return null;
  const text = row.text ?? 'null';
  return {
    text: text.slice(0, 200),
    version: row.version,
    fault: row.fault,
    writtenAtMs: row.written_at?.getTime() ?? 0,
  };
}

async function readPolicyFault(sql: Sql): Promise<string | null> {
  const [row] = await sql<{ fault: string | null }[]>`
    select sluice.policy_fault(f.flag_value_text) as fault
    from public.feature_flags f where f.flag_key = 'GEN_ROLLOUT_POLICY'`;
  return row?.fault ?? null;
}

async function readLastTick(sql: Sql, split: string): Promise<RolloutFacts['lastTick']> {
  const [row] = await sql<{ at: Date; interval_seconds: number; by: string; error: string | null }[]>`
    select t.at, t.interval_seconds, t.by, t.error from sluice.ticks t
    where t.split = ${split} order by t.slot desc limit 1`;
  return row ? { atMs: row.at.getTime(), intervalSeconds: row.interval_seconds, by: row.by, error: row.error } : null;
}

async function readInstances(sql: Sql): Promise<readonly InstanceFacts[]> {
  return sql<InstanceFacts[]>`
    select i.id, i.kind, i.host, i.version, i.weights, extract(epoch from now() - i.seen_at)::float8 as "ageSeconds",
      i.spool_depth as "spoolDepth", i.oldest_unsent_ms / 1000 as "oldestUnsentSeconds", i.clock_skew_ms as "clockSkewMs",
      (to_jsonb(i) ->> 'serves_relays')::boolean as "servesRelays"
    from sluice.instances i where i.seen_at > now() - interval '2 minutes' order by i.id`;
}

/** Who ends in order says goodbye; what is left here was killed, or has no way to the database. */
async function readLastWeb(sql: Sql): Promise<RolloutFacts['lastWeb']> {
  const [row] = await sql<{ id: string; host: string; ageSeconds: number }[]>`
    select i.id, i.host, extract(epoch from now() - i.seen_at)::float8 as "ageSeconds"
    from sluice.instances i where i.kind = 'web' order by i.seen_at desc limit 1`;
  return row ?? null;
}

async function readOutbox(sql: Sql): Promise<RolloutFacts['outbox']> {
  const rows = await sql<{ is_job: boolean; waiting: number; dead: number; last_error: string | null }[]>`
    with all_of_it as (select o.*, to_jsonb(o) ->> 'job_id' is not null as is_job from sluice.outbox o)
    select o.is_job, count(*) filter (where o.delivered_at is null and o.dead_at is null) as waiting,
      count(*) filter (where o.dead_at > case when o.is_job then now() - interval '1 day' else '-infinity' end) as dead,
      (array_agg(o.last_error order by o.dead_at desc nulls last) filter (where o.dead_at is not null))[1] as last_error
    from all_of_it o group by o.is_job`;
  const of = (isJob: boolean) => {
    const { waiting = 0, dead = 0, last_error: lastError = null } = rows.find((row) => row.is_job === isJob) ?? {};
    return { waiting, dead, lastError };
  };
  return { alerts: of(false), jobs: of(true) };
}
