import { actingAs } from '@/lib/access/acting-as';
import type { ChannelKind } from '@/lib/api/snapshot';
import type { Sql } from '@/lib/postgres/sql';
import type { AlertChannel } from './outbox';

interface ChannelRow {
  readonly id: number;
  readonly kind: ChannelKind;
  readonly url: string;
  readonly secret: string | null;
  readonly enabled: boolean;
  readonly created_at: Date;
  readonly created_by: string;
}

interface NewChannel {
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

interface NewsRow {
  readonly id: number;
  readonly delivered: Date | null;
  readonly waiting: number;
  readonly failed: Date | null;
  readonly error: string | null;
}

export type ChannelStore = ReturnType<typeof channelStore>;

export function channelStore(sql: Sql) {
  const columns = sql`c.id, c.kind, c.url, c.secret, c.enabled, c.created_at, c.created_by`;
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

    async add({ kind, url, secret, createdBy }: NewChannel): Promise<number> {
      return sql.begin(async (tx) => {
        await actingAs(tx, createdBy);
        const rows = await tx<{ id: number }[]>`
          insert into sluice.alert_channels (kind, url, secret, created_by)
          values (${kind}, ${url}, ${secret}, ${createdBy}) returning id`;
        return rows[0]?.id ?? 0;
      });
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
  const { id, kind, url, secret, enabled } = row;
  return { id, kind, url, secret, enabled, createdAtMs: row.created_at.getTime(), createdBy: row.created_by };
}

/** What got through after it is the end of a failure. */
function newsOf({ delivered, waiting, failed, error }: NewsRow): ChannelNews {
  const over = delivered !== null && failed !== null && delivered > failed && waiting === 0;
  return { deliveredAtMs: delivered?.getTime() ?? null, waiting, error: over ? null : error };
}
