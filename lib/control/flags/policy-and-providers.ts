import type { Sql, Tx } from '@/lib/postgres/sql';
import { defaultPolicy, type Policy } from '@/lib/split/policy/policy';
import { readPolicy } from '@/lib/split/policy/read-policy';

export interface PolicyRow {
  readonly policy: Policy;
  /** 0 for the default policy. */
  readonly version: number;
  readonly source: 'default' | 'row';
  /** Why the stored row was not used; the last good one is, then. */
  readonly fault: string | null;
}

/** The policy that was last good: kept for as long as the stored one cannot be used. */
export class LastGood {
  policy: PolicyRow = { policy: defaultPolicy, version: 0, source: 'default', fault: null };
}

/** The stored policy, the default without one, the last good one when the stored one is not valid. */
export async function readPolicyRow(db: Sql | Tx, lastGood: LastGood): Promise<PolicyRow> {
  const [row] = await db<{ version: number; text: string | null; registered: string[] }[]>`
    select f.version, f.flag_value_text as text,
      (select jsonb_agg(p.name order by p.name) from sluice.providers p) as registered
    from public.feature_flags f where f.flag_key = 'GEN_ROLLOUT_POLICY'`;
  if (row === undefined) {
    lastGood.policy = { policy: defaultPolicy, version: 0, source: 'default', fault: null };
    return lastGood.policy;
  }
  const reading = readPolicy(row.text ?? 'null', row.registered);
  if (!reading.ok) return { ...lastGood.policy, fault: reading.faults.join(' ') };
  lastGood.policy = { policy: reading.policy, version: row.version, source: 'row', fault: null };
  return lastGood.policy;
}

interface RegisteredProvider {
  readonly name: string;
  readonly label: string;
  readonly deprecated: boolean;
}

/** Whom weights may name. */
export async function registeredProviders(db: Sql | Tx): Promise<readonly RegisteredProvider[]> {
  return db<RegisteredProvider[]>`select p.name, p.label, p.deprecated from sluice.providers p order by p.name`;
}
