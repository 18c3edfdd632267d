import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sql } from '@/lib/postgres/sql';
import { eventually } from '@/test/support/eventually';
import type { CrashWorld } from './world';

/**
 * Waits until every job has ended. Time is shortened where only time can help: a dead process' lease, the two minutes of
 * a create that nobody carries on, the ten of one that no vendor can be asked for; not before every process that lives
 * has told the database what it kept for it.
 */
export async function untilAllEnded(world: CrashWorld, withinMs = 90_000): Promise<void> {
  const { sql } = world.postgres;
  await eventually(
    () => kept(world),
    (waiting) => waiting === 0,
    withinMs,
    50,
  );
  await eventually(
    async () => {
      await passTime(sql);
      return open(sql);
    },
    (left) => left.length === 0,
    withinMs,
    200,
  );
}

async function open(sql: Sql): Promise<readonly unknown[]> {
  return sql`select j.id, j.state, j.provider, j.due_at, j.leased_by, j.blocked from sluice.jobs j where j.ended_at is null`;
}

async function passTime(sql: Sql): Promise<void> {
  await sql`update sluice.jobs j set leased_until = now()
    where j.ended_at is null and j.leased_until between now() and now() + interval '27 seconds'`;
  await sql`update sluice.jobs j set due_at = now() where j.ended_at is null and j.due_at > now() + interval '5 seconds'`;
  await sql.begin(async (tx) => {
    await tx`alter table sluice.jobs disable trigger guard_job`;
    await tx`update sluice.jobs j set created_at = now() - interval '11 minutes'
      where j.state = 'unknown' and j.created_at > now() - interval '10 minutes'`;
    await tx`alter table sluice.jobs enable always trigger guard_job`;
  });
}

/** Bindings that processes keep until the database takes them. */
function kept({ webs }: CrashWorld): number {
  return webs.reduce((sum, { folder }) => sum + waitingIn(join(folder, 'jobs.ndjson')), 0);
}

function waitingIn(path: string): number {
  const waiting = new Set<string>();
  for (const line of linesOf(path)) {
    const { done, end } = JSON.parse(line) as { done?: string; end?: { id: string } };
    if (done !== undefined) waiting.delete(done);
    else if (end !== undefined) waiting.add(end.id);
  }
  return waiting.size;
}

/** The last line may be torn: its process was killed. */
function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').slice(0, -1);
  } catch {
    return [];
  }
}
