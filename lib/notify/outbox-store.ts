import type { ChannelKind } from '@/lib/api/alerts';
import { jsonText } from '@/lib/kernel/json-text';
import type { Sql } from '@/lib/postgres/sql';
import type { AlertMessage, OutboxItem } from './outbox';

interface OutboxRow {
  readonly id: number;
  readonly attempts: number;
  readonly age: number;
  readonly receiver: string;
  readonly kind: ChannelKind | null;
  readonly url: string;
  readonly secret: string | null;
  readonly payload: Omit<AlertMessage, 'id'>;
  readonly job: string | null;
  readonly door: string | null;
}

/** Alerts to their channels, or the ends of jobs to their callers. */
export type OutboxKind = 'alerts' | 'jobs';

interface Depth {
  readonly waiting: number;
  readonly dead: number;
  readonly oldestSeconds: number | null;
}

export type OutboxDepth = Readonly<Record<OutboxKind, Depth>>;

interface Claim {
  readonly of: OutboxKind;
  readonly most: number;
  readonly leaseSeconds: number;
  /** How many one receiver may be sent at once. */
  readonly each: number;
  /** Receivers, by host, that may be sent fewer. */
  readonly less: Readonly<Record<string, number>>;
}

export type OutboxStore = ReturnType<typeof outboxStore>;

export function outboxStore(sql: Sql) {
  return {
    /** Leases what is due, of each receiver so much; rows another deliverer holds are skipped. */
    async claim(claim: Claim): Promise<readonly OutboxItem[]> {
      const { of, most, leaseSeconds, each, less } = claim;
      const receivers = of === 'alerts' ? channels(sql) : hosts(sql, claim);
      // The lease, not a lock, keeps others away: nothing stays locked while a receiver takes its time.
      const rows = await sql<OutboxRow[]>`
        with receivers (receiver, oldest) as (${receivers}), due as materialized (
          select d.id from receivers r cross join lateral (
            select o.id from sluice.outbox o
            where o.receiver = r.receiver and ${openIn(sql)} and o.next_attempt_at <= now()
            order by o.next_attempt_at limit ${places(sql, each, less)}
            for update skip locked
          ) d
          order by r.oldest limit ${most}
        ), leased as (
          update sluice.outbox o set attempts = o.attempts + 1,
            next_attempt_at = now() + make_interval(secs => ${leaseSeconds})
          from due where o.id = due.id
          returning o.id, o.attempts, o.receiver, o.channel_id, o.job_id, o.payload, o.created_at
        )
        select l.id, l.attempts, l.receiver, l.payload, extract(epoch from now() - l.created_at)::float8 as age,
          c.kind, c.url, c.secret, l.job_id as job, j.door
        from leased l
        left join sluice.alert_channels c on c.id = l.channel_id
        left join sluice.jobs j on j.id = l.job_id
        order by l.id`;
      return rows.map(itemOf);
    },

    async delivered(id: number): Promise<void> {
      await sql`update sluice.outbox o set delivered_at = now(), last_error = null where o.id = ${id}`;
    },

    async retryIn(id: number, seconds: number, error: string): Promise<void> {
      await sql`
        update sluice.outbox o set next_attempt_at = now() + make_interval(secs => ${seconds}), last_error = ${error}
        where o.id = ${id} and o.delivered_at is null`;
    },

    async giveUp(id: number, error: string): Promise<void> {
      await sql`
        update sluice.outbox o set dead_at = now(), last_error = ${error}
        where o.id = ${id} and o.delivered_at is null`;
    },

    /** Messages waiting and given up, for metrics and the doctor. Apart, since a caller's webhook that is gone says nothing of our alerts. */
    async depth(): Promise<OutboxDepth> {
      const rows = await sql<{ of: OutboxKind; waiting: number; dead: number; oldest: number | null }[]>`
        select case when o.channel_id is null then 'jobs' else 'alerts' end as of,
          count(*) filter (where o.dead_at is null) as waiting, count(*) filter (where o.dead_at is not null) as dead,
          extract(epoch from now() - min(o.created_at) filter (where o.dead_at is null))::float8 as oldest
        from sluice.outbox o where o.delivered_at is null group by 1`;
      const depthOf = (of: OutboxKind) => {
        const { waiting = 0, dead = 0, oldest = null } = rows.find((row) => row.of === of) ?? {};
        return { waiting, dead, oldestSeconds: oldest };
      };
      return { alerts: depthOf('alerts'), jobs: depthOf('jobs') };
    },
  };
}

const openIn = (sql: Sql) => sql`o.delivered_at is null and o.dead_at is null`;
/** How many messages the receiver `r` may be sent at once. */
const places = (sql: Sql, each: number, less: Claim['less']) =>
  sql`coalesce((${jsonText(less)}::text::jsonb ->> r.receiver)::integer, ${each})`;

const channels = (sql: Sql) => sql`
  select 'channel ' || c.id, c.id::float8 from sluice.alert_channels c where c.enabled`;

/** From host to host by the index, however much waits for one of them: those whose message is due the longest. */
const hosts = (sql: Sql, { most, each, less }: Claim) => sql`
  with recursive walk (receiver, oldest, of_job) as (
    (select o.receiver, o.next_attempt_at, o.job_id is not null from sluice.outbox o where ${openIn(sql)}
      order by o.receiver, o.next_attempt_at limit 1)
    union all
    select n.* from walk w cross join lateral (
      select o.receiver, o.next_attempt_at, o.job_id is not null from sluice.outbox o
      where ${openIn(sql)} and o.receiver > w.receiver order by o.receiver, o.next_attempt_at limit 1) n
  )
  select r.receiver, extract(epoch from r.oldest)::float8 from walk r
  where r.of_job and r.oldest <= now() and ${places(sql, each, less)} > 0 order by r.oldest limit ${most}`;

function itemOf({ id, attempts, age, receiver, kind, url, secret, payload, job, door }: OutboxRow): OutboxItem {
  const messageId = `msg_${id}`;
  const facts = { id, attempts, ageSeconds: age, receiver };
  if (kind === null) return { ...facts, kind: 'job', job: job ?? '', messageId, door: door ?? '' };
  return { ...facts, kind: 'alert', channel: { kind, url, secret }, message: { ...payload, id: messageId } };
}
