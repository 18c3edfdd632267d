import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { eventWriter } from '@/lib/log/event-writer';
import type { StoredEvent } from '@/lib/log/stored-event';
import { compact } from '@/lib/log/upkeep/maintenance';
import type { Sql } from '@/lib/postgres/sql';
import { withScratchDatabase } from './scratch-database';

export interface LogOptions {
  readonly seconds: number;
  readonly writers: number;
  readonly print: (line: string) => void;
}

export interface LogRow {
  readonly what: string;
  readonly writers: number;
  readonly rowsPerSecond: number;
}

export const defaults: LogOptions = {
  seconds: 8,
  writers: 8,
  print: (line) => process.stdout.write(`${line}\n`),
};

/** What the store takes: single awaited rows, batches into a bare table, and batches as shipped. */
export async function run(given: Partial<LogOptions> = {}): Promise<{ rows: LogRow[]; timesSingle: number }> {
  const options = { ...defaults, ...given };
  const rows = await withScratchDatabase(async (sql) => {
    await sql`create table public.bare (like public.analytics_logs including defaults)`;
    return [
      await measure(options, 'one awaited row, no trigger', 1, (events) => single(sql, 'bare', events)),
      await measure(options, 'one awaited row, buckets kept', 1, (events) => single(sql, 'analytics_logs', events)),
      await measure(options, '500 rows as JSON, no trigger, no index', options.writers, (events) => bare(sql, events)),
      await measureShipped(options, sql),
    ];
  });
  const [first, , , last] = rows;
  return { rows, timesSingle: (last?.rowsPerSecond ?? 0) / (first?.rowsPerSecond ?? 1) };
}

async function measureShipped(options: LogOptions, sql: Sql): Promise<LogRow> {
  const writer = eventWriter(sql);
  const folding = setInterval(() => void compact(sql), 1000);
  try {
    const write = (events: readonly StoredEvent[]) => writer.writeBatch(randomUUID(), events);
    return await measure(options, '500 rows as JSON, buckets kept, exactly once', options.writers, write);
  } finally {
    clearInterval(folding);
    await compact(sql);
  }
}

async function measure(
  options: LogOptions,
  what: string,
  writers: number,
  write: (events: readonly StoredEvent[]) => Promise<unknown>,
): Promise<LogRow> {
  const batches = Array.from({ length: 20 }, () => Array.from({ length: 500 }, (_, i) => eventAt(i)));
  const from = performance.now();
  const until = from + options.seconds * 1000;
  let written = 0;
  const lane = async (first: number) => {
    for (let i = first; performance.now() < until; i += 1) {
      const batch = batches[i % batches.length] ?? [];
      const events = what.startsWith('one') ? batch.slice(0, 1) : batch;
      await write(events);
      written += events.length;
    }
  };
  await Promise.all(Array.from({ length: writers }, (_, index) => lane(index)));
  const rowsPerSecond = Math.round(written / ((performance.now() - from) / 1000));
  options.print(
    `${what.padEnd(48)} ${String(writers).padStart(2)} writers ${String(rowsPerSecond).padStart(8)} rows/s`,
  );
  return { what, writers, rowsPerSecond };
}

const single = (sql: Sql, table: string, [event]: readonly StoredEvent[]) => sql`
  insert into ${sql(table)} (event_type, event_data)
  values (${event?.event_type ?? ''}, ${JSON.stringify(event?.event_data)}::text::jsonb)`;

const bare = (sql: Sql, events: readonly StoredEvent[]) => sql`
  insert into public.bare (event_type, event_data, created_at)
  select e.event_type, e.event_data, now() - e.age_ms * interval '1 millisecond'
  from jsonb_to_recordset(${JSON.stringify(events)}::text::jsonb)
    e (event_type text, event_data jsonb, age_ms double precision)`;

function eventAt(i: number): StoredEvent {
  const provider = i % 10 === 0 ? 'runware' : 'fal';
  const common = { request_id: randomUUID(), provider };
  if (i % 2 === 1) return { event_type: 'gen_ok', event_data: common, age_ms: 5 };
  const attempt = { attempt: 1, assigned: provider, latency_ms: 200 + ((i * 7919) % 3000), cost_per_image: 0.003 };
  const rest = { cost_basis: 'billed', images: 1, model: 'flux', stage: 'D1', weights_version: 3 };
  return { event_type: 'gen_route', event_data: { ...common, ...attempt, ...rest }, age_ms: 5 };
}
