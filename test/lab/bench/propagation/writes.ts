import { setTimeout as wait } from 'node:timers/promises';
import type { Sql } from '@/lib/postgres/sql';
import type { Fleet } from './fleet';

/** Milliseconds from a write until the last instance routed by it. */
export interface Spread {
  /** From the commit as its writer learnt of it. */
  readonly fromCommit: readonly number[];
  /** From the moment the statement was sent: its own work and the commit are in it. */
  readonly fromStatement: readonly number[];
}

/** Raw SQL, as an operator would write it, at moments that fall in step with nothing. */
export async function measureWrites(sql: Sql, fleet: Fleet, count: number): Promise<Spread> {
  const fromCommit: number[] = [];
  const fromStatement: number[] = [];
  for (let i = 0; i < count; i++) {
    await wait(20 + Math.random() * 60);
    const sentNs = Number(process.hrtime.bigint());
    const version = await writeWeights(sql, i % 2 === 0 ? { fal: 0.5, runware: 0.5 } : { fal: 0.9, runware: 0.1 });
    const committedNs = Number(process.hrtime.bigint());
    const seen = await fleet.seen(version);
    const lastNs = Math.max(...seen.map(({ atNs }) => atNs));
    fromCommit.push(Math.max(0, (lastNs - committedNs) / 1e6));
    fromStatement.push((lastNs - sentNs) / 1e6);
  }
  return { fromCommit, fromStatement };
}

export async function writeWeights(sql: Sql, weights: object): Promise<number> {
  const text = JSON.stringify(weights);
  const [row] = await sql<{ version: string }[]>`
    insert into public.feature_flags (flag_key, flag_value, flag_value_text, description, created_at, updated_at)
    values ('GEN_PROVIDER_WEIGHTS', false, ${text}, 'bench', now(), now())
    on conflict (flag_key) do update set flag_value_text = ${text}, updated_at = now()
    returning version`;
  return Number(row?.version);
}
