import type { Sql, Tx } from '@/lib/postgres/sql';
import type { Weights } from '@/lib/split/weights';

/** What a process routes one split by. */
export type SplitBeat = Pick<Heartbeat, 'version' | 'weights' | 'assigned'>;

export interface Heartbeat {
  readonly id: string;
  readonly kind: 'web' | 'watchdog';
  readonly host: string;
  readonly pid: number;
  readonly build: string;
  readonly startedAtMs: number;
  /** Whether it has the front, which alone streams relays; absent where nobody calls it. */
  readonly servesRelays?: boolean;
  /** Version of the weights this process routes by; null before it knows one. */
  readonly version: number | null;
  /** The weights this process routes by, whatever the store says; null when it routes nothing. */
  readonly weights: Weights | null;
  /** The same of every other split, by its key; a beat says those that changed since the one before. */
  readonly splits?: Readonly<Record<string, SplitBeat>>;
  /** Requests assigned per provider since the start of the process. */
  readonly assigned: Readonly<Record<string, number>>;
  /** Age of the oldest event that the store has not acknowledged; null when there is none. */
  readonly oldestUnsentMs: number | null;
  readonly spoolDepth: number;
  /** This process's wall clock minus the database's. */
  readonly clockSkewMs: number | null;
  /** What this process thinks of each provider: probe and real traffic. */
  readonly providers: Readonly<
    Record<
      string,
      {
        ok: boolean;
        /** false for a process that has just started: no good news of the provider, and no bad news either. */
        isKnown?: boolean;
        latencyMs: number | null;
        error: string | null;
        configured: boolean;
        breaker: string;
        simulated: boolean;
      }
    >
  >;
}

interface Row {
  readonly id: string;
  readonly kind: Heartbeat['kind'];
  readonly host: string;
  readonly pid: number;
  readonly build: string;
  readonly started_at: Date;
  readonly seen_at: Date;
  readonly version: number | null;
  readonly weights: Heartbeat['weights'];
  readonly assigned: Heartbeat['assigned'];
  readonly oldest_unsent_ms: number | null;
  readonly spool_depth: number;
  readonly clock_skew_ms: number | null;
  readonly providers: Heartbeat['providers'];
  readonly splits: NonNullable<Heartbeat['splits']>;
  readonly serves_relays: boolean | null;
}

export type InstanceStore = ReturnType<typeof instanceStore>;

export function instanceStore(db: Sql | Tx) {
  return {
    /** `isNew`: there was no row of this process, so nothing of its earlier beats is known. */
    async beat(heartbeat: Heartbeat): Promise<{ readonly nowMs: number; readonly isNew: boolean }> {
      const [row] = await db<{ now: Date; is_new: boolean }[]>`
        insert into sluice.instances as i (id, kind, host, pid, build, started_at, seen_at, version, weights, assigned,
          oldest_unsent_ms, spool_depth, clock_skew_ms, providers, splits, serves_relays)
        select h.id, h.kind, h.host, h.pid, h.build, to_timestamp(h."startedAtMs" / 1000), clock_timestamp(),
          h.version, nullif(h.weights, 'null'), h.assigned, h."oldestUnsentMs", h."spoolDepth", h."clockSkewMs",
          h.providers, coalesce(h.splits, '{}'), h."servesRelays"
        from jsonb_to_record(${JSON.stringify(heartbeat)}::text::jsonb) h (id text, kind text, host text, pid integer,
          build text, "startedAtMs" float8, version bigint, weights jsonb, assigned jsonb, "oldestUnsentMs" float8,
          "spoolDepth" bigint, "clockSkewMs" float8, providers jsonb, splits jsonb,
          "servesRelays" boolean)
        on conflict (id) do update set seen_at = excluded.seen_at, version = excluded.version,
          weights = excluded.weights, assigned = excluded.assigned, oldest_unsent_ms = excluded.oldest_unsent_ms,
          serves_relays = excluded.serves_relays, spool_depth = excluded.spool_depth, clock_skew_ms = excluded.clock_skew_ms, providers = excluded.providers,
          splits = case when excluded.splits = '{}' then i.splits else i.splits || excluded.splits end
        returning i.seen_at as now, i.xmax = 0 as is_new`;
      if (row === undefined) throw new Error(`the heartbeat of ${heartbeat.id} was not stored`);
      return { nowMs: row.now.getTime(), isNew: row.is_new };
    },

    /** Instances seen in the last `withinSeconds`. */
    async list(withinSeconds: number): Promise<readonly (Heartbeat & { readonly seenAtMs: number })[]> {
      const rows = await db<Row[]>`
        select i.* from sluice.instances i
        where i.seen_at > clock_timestamp() - make_interval(secs => ${withinSeconds}) order by i.kind, i.id`;
      return rows.map(heartbeatOf);
    },

    async leave(id: string): Promise<void> {
      await db`delete from sluice.instances i where i.id = ${id}`;
    },
  };
}

function heartbeatOf(row: Row): Heartbeat & { seenAtMs: number } {
  const { id, kind, host, pid, build, version, weights, assigned, providers, splits } = row;
  return {
    ...{ id, kind, host, pid, build, version, weights, assigned, providers },
    ...(Object.keys(splits).length > 0 && { splits }),
    ...(row.serves_relays !== null && { servesRelays: row.serves_relays }),
    startedAtMs: row.started_at.getTime(),
    seenAtMs: row.seen_at.getTime(),
    oldestUnsentMs: row.oldest_unsent_ms,
    spoolDepth: row.spool_depth,
    clockSkewMs: row.clock_skew_ms,
  };
}
