import { actingAs } from '@/lib/access/acting-as';
import type { ChannelKind } from '@/lib/api/alerts';
import type { Sql } from '@/lib/postgres/sql';
import type { AlertChannel, MessageKind } from './outbox';

interface ChannelRow {
  readonly id: number;
  readonly name: string | null;
  readonly alerts: readonly MessageKind[] | null;
  readonly kind: ChannelKind;
  readonly url: string;
  readonly secret: string | null;
  readonly enabled: boolean;
  readonly created_at: Date;
  readonly created_by: string;
}

/** What may change of a channel that is there. */
export type ChannelChange = Pick<AlertChannel, 'name' | 'alerts'>;

interface NewChannel extends Partial<ChannelChange> {
  readonly kind: ChannelKind;
  readonly url: string;
  readonly secret: string | null;
  readonly createdBy: string;
}

/** What became of the messages of a channel that are still kept. */
interface ChannelNews {
  readonly deliveredAtMs: number | null;
  readonly waiting: number;
  /** Of the newest that did not get through. */
  readonly error: string | null;
}

export const noNews: ChannelNews = { deliveredAtMs: null, waiting: 0, error: null };

interface DeliveryRow {
  readonly id: number;
  readonly channel: number;
  readonly kind: MessageKind;
  readonly detail: string;
  readonly alert_id: number | null;
  readonly created_at: Date;
  readonly attempts: number;
  readonly delivered_at: Date | null;
  readonly dead_at: Date | null;
  readonly last_error: string | null;
}

interface NewsRow {
  readonly id: number;
  readonly delivered: Date | null;
  readonly waiting: number;
  readonly failed: Date | null;
  readonly error: string | null;
}

export type ChannelStore = ReturnType<typeof channelStore>;

export function channelStore(sql: Sql) {
  const columns = sql`c.id, c.name, to_jsonb(c.alerts) as alerts, c.kind, c.url, c.secret, c.enabled, c.created_at, c.created_by`;
  return {
    async list(): Promise<readonly AlertChannel[]> {
      const rows = await sql<ChannelRow[]>`select ${columns} from sluice.alert_channels c order by c.id`;
      return rows.map(channelOf);
    },

    async get(id: number): Promise<AlertChannel | null> {
      const rows = await sql<ChannelRow[]>`select ${columns} from sluice.alert_channels c where c.id = ${id}`;
      return rows[0] ? channelOf(rows[0]) : null;
    },

    async news(): Promise<ReadonlyMap<number, ChannelNews>> {
      const rows = await sql<NewsRow[]>`
        select o.channel_id as id, max(o.delivered_at) as delivered,
          count(*) filter (where o.delivered_at is null and o.dead_at is null) as waiting,
          max(o.created_at) filter (where o.delivered_at is null and o.last_error is not null) as failed,
          (array_agg(o.last_error order by o.id desc)
            filter (where o.delivered_at is null and o.last_error is not null))[1] as error
        from sluice.outbox o where o.channel_id is not null group by o.channel_id`;
      return new Map(rows.map((row) => [row.id, newsOf(row)]));
    },

    async add({ kind, url, secret, name = null, alerts = null, createdBy }: NewChannel): Promise<number> {
      return sql.begin(async (tx) => {
        await actingAs(tx, createdBy);
        const rows = await tx<{ id: number }[]>`
          insert into sluice.alert_channels (kind, url, secret, name, alerts, created_by)
          values (${kind}, ${url}, ${secret}, ${name}, ${alerts as string[] | null}, ${createdBy}) returning id`;
        return rows[0]?.id ?? 0;
      });
    },

    async change(id: number, { name, alerts }: ChannelChange, by: string): Promise<boolean> {
      return sql.begin(async (tx) => {
        await actingAs(tx, by);
        const rows = await tx`
          update sluice.alert_channels c set name = ${name}, alerts = ${alerts as string[] | null}
          where c.id = ${id} returning c.id`;
        return rows.length === 1;
      });
    },

    /** The newest messages to channels, and what became of each. */
    async deliveries(most: number): Promise<readonly DeliveryRow[]> {
      return sql<DeliveryRow[]>`
        select o.id::float8 as id, c.id::float8 as channel, o.payload ->> 'kind' as kind, o.payload ->> 'detail' as detail,
          o.alert_id::float8 as alert_id, o.created_at, o.attempts, o.delivered_at, o.dead_at, o.last_error
        from sluice.outbox o join sluice.alert_channels c on c.id = o.channel_id
        order by o.id desc limit ${most}`;
    },

    async remove(id: number, by: string): Promise<boolean> {
      return sql.begin(async (tx) => {
        await actingAs(tx, by);
        await tx`delete from sluice.outbox o where o.channel_id = ${id} and o.delivered_at is null`;
        const rows = await tx`delete from sluice.alert_channels c where c.id = ${id} returning c.id`;
        return rows.length === 1;
      });
    },
  };
}

function channelOf(row: ChannelRow): AlertChannel {
  const { id, name, alerts, kind, url, secret, enabled } = row;
  return {
    id,
    name,
    alerts,
    kind,
    url,
    secret,
    enabled,
    createdAtMs: row.created_at.getTime(),
    createdBy: row.created_by,
  };
}

/** A failure is over when a later message got through. */
function newsOf({ delivered, waiting, failed, error }: NewsRow): ChannelNews {
  const over = delivered !== null && failed !== null && delivered > failed && waiting === 0;
  return { deliveredAtMs: delivered?.getTime() ?? null, waiting, error: over ? null : error };
}
