import { setTimeout as sleep } from 'node:timers/promises';
import type { Sql } from '@/lib/postgres/sql';
import type { Seen } from './traffic';

export interface Reconciled {
  readonly stored: number;
  /** Answered requests without their `gen_ok`, and attempts without their `gen_route`. */
  readonly lost: number;
  readonly lostAttempts: number;
  readonly duplicates: number;
  readonly duplicateAttempts: number;
  readonly journalFaults: number;
}

const settleWithinMs = 60_000;

/** What the database holds against what the callers saw, once the last batch has had its time. */
export async function reconcile(sql: Sql, seen: Seen): Promise<Reconciled> {
  const untilMs = performance.now() + settleWithinMs;
  while (performance.now() < untilMs && (await endings(sql)) < seen.answered.size) await sleep(500);
  const stored = await countById(sql, 'gen_ok');
  const attempts = await countById(sql, 'gen_route');
  let [lost, lostAttempts, duplicates, duplicateAttempts] = [0, 0, 0, 0];
  for (const [id, tried] of seen.answered) {
    if (!stored.has(id)) lost += 1;
    lostAttempts += Math.max(0, tried - (attempts.get(id) ?? 0));
    duplicateAttempts += Math.max(0, (attempts.get(id) ?? 0) - tried);
  }
  for (const count of stored.values()) duplicates += count - 1;
  const faults = await sql`select from sluice.journal_faults()`;
  return {
    ...{ stored: stored.size, lost, lostAttempts, duplicates, duplicateAttempts },
    journalFaults: faults.length,
  };
}

async function endings(sql: Sql): Promise<number> {
  const [row] = await sql<{ n: number }[]>`select count(*) as n from analytics_logs where event_type = 'gen_ok'`;
  return row?.n ?? 0;
}

async function countById(sql: Sql, type: string): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const rows = sql<{ id: string }[]>`
    select event_data->>'request_id' as id from analytics_logs where event_type = ${type}`.cursor(5000);
  for await (const batch of rows) for (const { id } of batch) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}
