import { Refusal } from '@/lib/kernel/refusal';
import type { Sql, Tx } from '@/lib/postgres/sql';
import { defaultPolicy, type Policy } from '@/lib/split/policy/policy';
import { type PolicyReading, readPolicy } from '@/lib/split/policy/read-policy';
import { firstSplit, policyKeyOf } from '@/lib/split/split-key';
import { namesOf, type PolicyColumns } from './stored-flags';

export interface PolicyRow {
  readonly policy: Policy;
  /** 0 for the default policy. */
  readonly version: number;
  readonly source: 'default' | 'row';
  /** Why the stored row was not used; the last good one is, then. */
  readonly fault: string | null;
}

/** The policy of one split that was last good: kept for as long as the stored one cannot be used. */
export class LastGood {
  /** null: none is stored, and none is shipped. */
  private policy: PolicyRow | null;
  /** What was made of a text, which most readings find again. */
  private known: { readonly of: string; readonly reading: PolicyReading } | null = null;

  constructor(readonly split = firstSplit) {
    this.policy = this.shipped();
  }

  /** The stored policy, the shipped one without one, the last good one when the stored one is not valid. */
  learn(stored: PolicyColumns | null, registered: readonly string[]): PolicyRow {
    if (stored === null) this.policy = this.shipped();
    else {
      const reading = this.read(stored.text ?? 'null', registered);
      if (reading.ok) this.policy = { policy: reading.policy, version: stored.version, source: 'row', fault: null };
      else if (this.policy !== null) return { ...this.policy, fault: reading.faults.join(' ') };
      else throw noPolicy(this.split, `its policy cannot be used: ${reading.faults.join(' ')}`);
    }
    if (this.policy === null) throw noPolicy(this.split, `it has no policy: write ${policyKeyOf(this.split)} first`);
    return this.policy;
  }

  private read(text: string, registered: readonly string[]): PolicyReading {
    const of = `${registered.join()} ${text}`;
    if (this.known?.of !== of) this.known = { of, reading: readPolicy(text, registered) };
    return this.known.reading;
  }

  private shipped(): PolicyRow | null {
    return this.split === firstSplit ? { policy: defaultPolicy, version: 0, source: 'default', fault: null } : null;
  }
}

function noPolicy(split: string, why: string): Refusal {
  return new Refusal('policy-invalid', `${split} cannot be judged; ${why}.`);
}

/** The policy that judges: a read of its own. Before the registry was migrated the first split's names were the providers. */
export async function readPolicyRow(db: Sql | Tx, lastGood: LastGood, isOlder = false): Promise<PolicyRow> {
  const { split } = lastGood;
  const names = isOlder
    ? db`(select coalesce(jsonb_agg(p.name order by p.name), '[]') from sluice.providers p)`
    : namesOf(db, db`${split}::text`);
  const [row] = await db<{ policy: PolicyColumns | null; registered: string[] }[]>`
    select (select jsonb_build_object('version', f.version, 'text', f.flag_value_text)
        from public.feature_flags f where f.flag_key = ${policyKeyOf(split)}) as policy, ${names} as registered`;
  return lastGood.learn(row?.policy ?? null, row?.registered ?? []);
}
