import type { Sql } from '@/lib/postgres/sql';
import { queryWithin } from '@/lib/postgres/transaction';

const blockedKind = 'jobs_blocked';
const untrackedKind = 'jobs_untracked';
type Kind = typeof blockedKind | typeof untrackedKind;

interface Alerts {
  raise(alert: {
    readonly kind: Kind;
    readonly key: string;
    readonly detail: string;
    readonly params: object;
    readonly blocksAdvance: false;
  }): Promise<unknown>;
  resolve(kind: Kind, key: string): Promise<void>;
}

interface Row {
  readonly provider: string;
  /** null: none waits any more. */
  readonly why: string | null;
  readonly jobs: number;
  readonly isRaised: boolean;
}

const withinMs = 2000;

/** One alert a provider whose jobs wait for people; ended when none waits. Any number of processes may tell it. */
export async function tellBlocked(sql: Sql, alerts: Alerts): Promise<void> {
  const query = sql<Row[]>`
    with blocked as (
      select j.provider, min(j.blocked) as why, count(*)::integer as jobs
      from sluice.jobs j where j.blocked is not null group by 1
    ),
    raised as (select a.key from sluice.alerts a where a.kind = ${blockedKind} and a.resolved_at is null)
    select coalesce(b.provider, r.key) as provider, b.why, coalesce(b.jobs, 0) as jobs, r.key is not null as "isRaised"
    from blocked b full join raised r on r.key = b.provider`;
  for (const { provider, why, jobs, isRaised } of await queryWithin(withinMs, query, 'looking for blocked jobs')) {
    if (why === null) await alerts.resolve(blockedKind, provider);
    else if (!isRaised) await alerts.raise(alertOf(provider, why, jobs));
  }
}

function alertOf(provider: string, why: string, jobs: number) {
  const many = jobs === 1 ? 'A job' : `${jobs} jobs`;
  const detail = `${many} at ${provider} cannot be looked at: ${why}. None is failed for it; they go on when it is mended.`;
  return { kind: blockedKind, key: provider, detail, params: { provider, jobs }, blocksAdvance: false } as const;
}

/** One alert a provider whose answers name no job that could be read, or another's; ended when a quarter of an hour brought none. */
export async function tellUntracked(sql: Sql, alerts: Alerts): Promise<void> {
  const query = sql<(Omit<Row, 'why'> & { readonly twins: number })[]>`
    with untracked as (
      select j.provider, count(*)::integer as jobs,
        count(*) filter (where j.upstream ->> 'untracked' = 'twin')::integer as twins
      from sluice.jobs j
      where j.upstream ? 'untracked' and j.created_at > now() - interval '15 minutes' group by 1
    ),
    raised as (select a.key from sluice.alerts a where a.kind = ${untrackedKind} and a.resolved_at is null)
    select coalesce(u.provider, r.key) as provider, coalesce(u.jobs, 0) as jobs, coalesce(u.twins, 0) as twins,
      r.key is not null as "isRaised"
    from untracked u full join raised r on r.key = u.provider`;
  for (const { provider, jobs, twins, isRaised } of await queryWithin(withinMs, query, 'looking for untracked jobs')) {
    if (jobs === 0) await alerts.resolve(untrackedKind, provider);
    else if (!isRaised) await alerts.raise(untrackedAlert(provider, jobs, twins));
  }
}

function untrackedAlert(provider: string, jobs: number, twins: number) {
  const many = (n: number) => (n === 1 ? 'A create' : `${n} creates`);
  const nameless = `${many(jobs - twins)} at ${provider} went well, and no id could be read in the answer: nobody follows the job, and its end is not counted. See whether its dialect is the right one.`;
  const twice = `${many(twins)} at ${provider} was answered with an id that its caller has from another provider: asked for by that id, the first is told of; both are followed. Ask the provider whether its ids are its own.`;
  const detail = [jobs > twins ? nameless : '', twins > 0 ? twice : ''].filter(Boolean).join(' ');
  return { kind: untrackedKind, key: provider, detail, params: { provider, jobs }, blocksAdvance: false } as const;
}
