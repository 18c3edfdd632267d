import { existsSync, readFileSync } from 'node:fs';
import type { Sql } from '@/lib/postgres/sql';

/** Milliseconds of processor time: what else a shared machine does counts for nobody. */
export interface Processor {
  readonly nodeMs: number;
  readonly postgresMs: number;
}

/** Reads what this process and the backends of these connections have used up to now; without /proc the latter is NaN. */
export async function processorOf(sql: Sql, applicationName: string): Promise<() => Processor> {
  const rows = await sql<{ pid: number }[]>`
    select pid from pg_stat_activity where application_name = ${applicationName}`;
  const files = rows.map(({ pid }) => `/proc/${pid}/schedstat`);
  return () => {
    const { user, system } = process.cpuUsage();
    return { nodeMs: (user + system) / 1000, postgresMs: files.reduce((sum, file) => sum + usedMs(file), 0) };
  };
}

/** The first figure is nanoseconds on a processor. */
function usedMs(file: string): number {
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split(' ')[0]) / 1e6 : Number.NaN;
}

export function spent(from: Processor, to: Processor): Processor {
  return { nodeMs: to.nodeMs - from.nodeMs, postgresMs: to.postgresMs - from.postgresMs };
}

/** Of another process, all of its threads, in steps of ten milliseconds. */
export function processorMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  return (Number(user) + Number(system)) * 10;
}
