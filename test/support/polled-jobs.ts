import type { JobCalls } from '@/lib/gateway/providers/provider';
import { JobCounts } from '@/lib/jobs/job-counts';
import { JobProviders } from '@/lib/jobs/poll/job-providers';
import { polledStore } from '@/lib/jobs/poll/job-store';
import type { JobPlace } from '@/lib/jobs/poll/lease';
import { JobPoller, type PollerParts } from '@/lib/jobs/poll/poll-jobs';
import { startDeadline, systemClock } from '@/lib/kernel/clock';
import type { Sql } from '@/lib/postgres/sql';
import { vendorProvider } from './job-vendor';

interface JobChange {
  readonly state?: string;
  readonly upstream_id?: string | null;
  /** So old that a create that nobody answered is given up, and so on. */
  readonly ageMs?: number;
  readonly dueInMs?: number;
  readonly [column: string]: unknown;
}

const plain = {
  ...{ split: 'FILM_WEIGHTS', door: 'sluice', caller: 'studio', request_id: 'r1', arm: 'kling', assigned: 'kling' },
  ...{ provider: 'kling', adapter: 'kling', key_version: 0, model: 'film', provider_model: 'kling-v3' },
};

/** A row as the creates write it: first attempting, then bound. */
export async function jobRow(sql: Sql, base_url: string, change: JobChange = {}): Promise<string> {
  const { state = 'accepted', upstream_id = `u-${Math.random()}`, ageMs = 0, dueInMs = 0, ...rest } = change;
  const [row] = await sql<
    { id: string }[]
  >`insert into sluice.jobs ${sql({ ...plain, base_url, ...rest })} returning id`;
  const id = row?.id ?? '';
  await sql`update sluice.jobs set due_at = now() + ${dueInMs} * interval '1 ms' where id = ${id}`;
  const isBound = state !== 'unknown' && state !== 'attempting';
  if (state !== 'attempting') {
    await sql`update sluice.jobs set state = ${isBound ? 'accepted' : 'unknown'}, upstream_id = ${isBound ? upstream_id : null},
      accepted_at = now() where id = ${id}`;
  }
  if (state === 'running') await sql`update sluice.jobs set state = 'running' where id = ${id}`;
  // The guard keeps the time of creation; only an old job is one.
  if (ageMs > 0) {
    await sql.begin(async (tx) => {
      await tx`alter table sluice.jobs disable trigger guard_job`;
      await tx`update sluice.jobs set created_at = now() - ${ageMs} * interval '1 ms' where id = ${id}`;
      await tx`alter table sluice.jobs enable always trigger guard_job`;
    });
  }
  return id;
}

export interface JobRow {
  readonly state: string;
  readonly upstream_id: string | null;
  readonly progress: number | null;
  readonly error: string | null;
  readonly error_kind: string | null;
  readonly blocked: string | null;
  readonly polls: number;
  readonly outputs: unknown[];
  readonly due_at: Date | null;
  readonly leased_by: string | null;
  readonly ended_at: Date | null;
  readonly cancel_said: string | null;
  readonly charged: string;
}

export async function readJob(sql: Sql, id: string): Promise<JobRow> {
  const [row] = await sql<JobRow[]>`select j.* from sluice.jobs j where j.id = ${id}`;
  if (row === undefined) throw new Error(`no job ${id}`);
  return row;
}

/** The ends of jobs as the log has them. */
export async function endEvents(sql: Sql): Promise<{ event_type: string; event_data: Record<string, unknown> }[]> {
  return sql`select a.event_type, a.event_data from public.analytics_logs a
    where a.event_data ->> 'phase' = 'end' order by a.id`;
}

interface PollerChange {
  readonly key?: (place: JobPlace) => string | null;
  readonly habits?: Partial<JobCalls>;
  readonly limits?: PollerParts['limits'];
  readonly store?: PollerParts['store'];
  readonly whyNot?: () => string | null;
}

/** A poller of one's own, which does not start by itself. */
export function testPoller(sql: Sql, change: PollerChange = {}): JobPoller & { faults: unknown[]; counts: JobCounts } {
  const { key = ({ keyVersion }) => `key-${keyVersion}`, habits = {}, limits = {}, whyNot = () => null } = change;
  const providers = new JobProviders((place) => {
    const found = key(place);
    const why = whyNot() ?? (found === null ? `kling has key version ${place.keyVersion} no more` : null);
    if (why !== null || found === null) return { whyNot: why ?? '' };
    return { madeFrom: found, open: () => vendorProvider(place.baseUrl, found, habits) };
  }, systemClock.monotonic);
  const faults: unknown[] = [];
  const counts = new JobCounts();
  const poller = new JobPoller({
    ...{ providers, counts, startDeadline, monotonic: systemClock.monotonic, random: Math.random },
    store: change.store ?? polledStore(sql),
    fault: { worked: () => undefined, failed: (error) => faults.push(error) },
    warn: (fields, sentence) => faults.push({ fields, sentence }),
    limits: { idleMs: 50, leastMs: 10, ...limits },
  });
  return Object.assign(poller, { faults, counts });
}
