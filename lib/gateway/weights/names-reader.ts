import { type LastGood, readPolicyRow, registeredProviders } from '@/lib/control/flags/stored-flags';
import type { Sql } from '@/lib/postgres/sql';
import { queryWithin } from '@/lib/postgres/transaction';
import type { Weights } from '@/lib/split/weights';

/** Who is who: by the policy in force and the provider registry, both of which may change while we run. */
export interface Names {
  readonly baseline: string;
  readonly candidates: readonly string[];
  /** What the plan's last stage gives. */
  readonly room?: Weights;
  readonly registered: readonly string[];
  readonly deprecated: readonly string[];
}

const withinMs = 2000;

/** Who is baseline and who are candidates by the policy in force, and whom weights may name. */
export async function readNames(sql: Sql, lastGood: LastGood): Promise<Names> {
  const [{ policy }, registered] = await Promise.all([
    queryWithin(withinMs, readPolicyRow(sql, lastGood), 'reading the policy'),
    queryWithin(withinMs, registeredProviders(sql), 'reading the provider registry'),
  ]);
  return {
    baseline: policy.baseline,
    candidates: policy.candidates,
    room: policy.stages.at(-1)?.weights ?? policy.rollback,
    registered: registered.map(({ name }) => name),
    deprecated: registered.filter(({ deprecated }) => deprecated).map(({ name }) => name),
  };
}
