import type { ChannelKind } from '@/lib/api/snapshot';
import type { Sql } from '@/lib/postgres/sql';
import type { AlertMessage, OutboxItem } from './outbox';

interface OutboxRow {
  readonly id: number;
  readonly attempts: number;
  readonly kind: ChannelKind;
  readonly url: string;
  readonly secret: string | null;
  readonly payload: Omit<AlertMessage, 'id'>;
}

export type OutboxStore = ReturnType<typeof outboxStore>;

export function outboxStore(sql: Sql) {
  return {
    /** Leases due notifications; rows another deliverer holds are skipped. */
    async claim(limit: number, leaseSeconds: number): Promise<readonly OutboxItem[]> {
      // The lease, not a lock, keeps others away: nothing stays locked while a receiver takes its time.
      const rows = await sql<OutboxRow[]>`
        with due as (
          select o.id from sluice.outbox o
          join sluice.alert_channels c on c.id = o.channel_id and c.enabled
          where o.delivered_at is null and o.dead_at is null and o.next_attempt_at <= now()
          order by o.next_attempt_at limit ${limit} for update of o skip locked
        ), leased as (
          update sluice.outbox o set attempts = o.attempts + 1,
            next_attempt_at = now() + make_interval(secs => ${leaseSeconds})
          from due where o.id = due.id returning o.id, o.attempts, o.channel_id, o.payload
        )
        select l.id, l.attempts, l.payload, c.kind, c.url, c.secret
        from leased l join sluice.alert_channels c on c.id = l.channel_id order by l.id`;
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

    /** Notifications waiting and given up, for metrics and the doctor. */
    async depth(): Promise<{ readonly waiting: number; readonly dead: number; readonly oldestSeconds: number | null }> {
      const [row] = await sql<{ waiting: number; dead: number; oldest: number | null }[]>`
        select count(*) filter (where o.dead_at is null) as waiting, count(*) filter (where o.dead_at is not null) as dead,
          extract(epoch from now() - min(o.created_at) filter (where o.dead_at is null))::float8 as oldest
        from sluice.outbox o where o.delivered_at is null`;
      return { waiting: row?.waiting ?? 0, dead: row?.dead ?? 0, oldestSeconds: row?.oldest ?? null };
    },
  };
}

function itemOf({ id, attempts, kind, url, secret, payload }: OutboxRow): OutboxItem {
  return { id, attempts, channel: { kind, url, secret }, message: { ...payload, id: `msg_${id}` } };
}
