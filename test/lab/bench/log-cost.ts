import { randomUUID } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { systemClock } from '@/lib/kernel/clock';
import { within } from '@/lib/kernel/within';
import { EventQueue } from '@/lib/log/event-queue';
import { eventWriter } from '@/lib/log/event-writer';
import type { Sql } from '@/lib/postgres/sql';
import { countEvents, recorder } from '@/lib/process/metrics/hot-path';
import type { Table } from './report';
import { figure } from './report';
import { withScratchDatabase } from './scratch-database';
import { median } from './statistics';

const rounds = 5;
const events = 30_000;
const inserts = 300;
/** Less than a batch, so that no flush falls into what is timed. */
const atOnce = 250;

export interface LogCost {
  /** Microseconds an event, round by round. */
  readonly queued: readonly number[];
  readonly counted: readonly number[];
  readonly awaited: readonly number[];
}

/** What an event costs the request that logs it: as shipped, beside an insert that the request waits for. */
export function measureLogCost(): Promise<LogCost> {
  return withScratchDatabase(async (sql) => {
    const cost = { queued: [] as number[], counted: [] as number[], awaited: [] as number[] };
    for (let round = 0; round <= rounds; round++) {
      const queued = await queue(sql, undefined);
      const counted = await queue(sql, countEvents(recorder()));
      const awaited = await insert(sql);
      if (round === 0) continue;
      cost.queued.push(queued);
      cost.counted.push(counted);
      cost.awaited.push(awaited);
    }
    return cost;
  });
}

async function queue(sql: Sql, observe: ReturnType<typeof countEvents> | undefined): Promise<number> {
  const parts = { writer: eventWriter(sql), spool: null, monotonic: systemClock.monotonic, newId: randomUUID, within };
  const shared = { ...parts, soon: setImmediate, warn: () => {} };
  const log = new EventQueue(observe ? { ...shared, observe } : shared);
  const rows = Array.from({ length: atOnce }, (_, i) => rowOf(i));
  const stretches: number[] = [];
  for (let done = 0; done < events; done += atOnce) {
    const began = performance.now();
    for (let i = 0; i < atOnce; i++) log.record('gen_route', rows[i] ?? {});
    stretches.push(((performance.now() - began) * 1000) / atOnce);
    if (done % 10_000 === 0) await log.flush();
    await turn();
  }
  await log.close();
  if (log.dropped > 0) throw new Error(`The queue dropped ${log.dropped} events.`);
  // The median of short stretches: what else the machine does falls between them, or into a few.
  return median(stretches);
}

async function insert(sql: Sql): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < inserts; i++) {
    const began = performance.now();
    await sql`
      insert into public.analytics_logs (event_type, event_data)
      values ('gen_route', ${JSON.stringify(rowOf(i))}::text::jsonb)`;
    times.push((performance.now() - began) * 1000);
  }
  return median(times);
}

function rowOf(i: number): Record<string, unknown> {
  const provider = i % 10 === 0 ? 'runware' : 'fal';
  return {
    ...{ request_id: randomUUID(), attempt: 1, provider, assigned: provider, stage: 'D1', weights_version: 3 },
    ...{ model: 'flux', latency_ms: 200 + ((i * 7919) % 3000), images: 1, cost_per_image: 0.003, cost_basis: 'billed' },
  };
}

export function costTable({ queued, counted, awaited }: LogCost): Table {
  const row = (what: string, values: readonly number[]) => {
    const times = median(awaited) / median(values);
    return [what, ...values.map(figure), figure(median(values)), values === awaited ? '' : `1/${figure(times)}`];
  };
  return {
    caption: 'What logging one event costs the request, microseconds',
    head: ['', ...queued.map((_, i) => `round ${i + 1}`), 'median', 'of an awaited insert'],
    rows: [row('queued', queued), row('queued, metrics counted', counted), row('awaited insert', awaited)],
  };
}
