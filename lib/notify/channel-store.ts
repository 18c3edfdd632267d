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

export interface NewChannel {
  readonly kind: ChannelKind;
  readonly url: string;
  readonly secret: string | null;
  readonly createdBy: string;
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
