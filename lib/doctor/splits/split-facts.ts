import type { Sql } from '@/lib/postgres/sql';
import { firstSplit } from '@/lib/split/split-key';

/** A split in use, as far as it can be served. */
export interface SplitFacts {
  readonly slug: string;
  readonly key: string;
  readonly isFirst: boolean;
  readonly isRelay: boolean;
  readonly hasWeights: boolean;
  readonly hasPolicy: boolean;
  readonly weightsFault: string | null;
  readonly policyFault: string | null;
  readonly arms: readonly ArmFacts[];
}

export interface ArmFacts {
  readonly name: string;
  readonly provider: string;
  readonly adapter: string | null;
  readonly state: string;
  /** A key that is stored and not retired. */
  readonly hasStoredKey: boolean;
}

/** Empty in a schema from before there were several. What this role may not ask is taken for good. */
export async function readSplitFacts(sql: Sql): Promise<readonly SplitFacts[]> {
  const [may] = await sql<{ splits: boolean; faults: boolean; keys: boolean }[]>`
    select coalesce(has_table_privilege(to_regclass('sluice.splits'), 'select'), false) as splits,
      coalesce(has_table_privilege(to_regclass('sluice.provider_keys'), 'select'), false) as keys,
      coalesce(has_function_privilege(to_regprocedure('sluice.weights_fault_of(text,text)'), 'execute'), false) as faults`;
  if (!may?.splits) return [];
  const fault = (of: 'weights' | 'policy', text: 'f' | 'p') =>
    may.faults ? sql`sluice.${sql(`${of}_fault_of`)}(s.key, ${sql(text)}.flag_value_text)` : sql`null::text`;
  const isKeyed = may.keys
    ? sql`exists (select from sluice.provider_keys k where k.provider = a.provider and k.retired_at is null)`
    : sql`true`;
  return sql<SplitFacts[]>`
    select s.slug, s.key, s.key = ${firstSplit} as "isFirst", s.kind = 'relay' as "isRelay", f.flag_key is not null as "hasWeights",
      p.flag_key is not null as "hasPolicy", case when f.flag_key is not null then ${fault('weights', 'f')} end as "weightsFault",
      case when p.flag_key is not null then ${fault('policy', 'p')} end as "policyFault",
      (select coalesce(jsonb_agg(jsonb_build_object('name', a.name, 'provider', a.provider, 'adapter', v.adapter,
          'state', v.state, 'hasStoredKey', ${isKeyed}) order by a.name), '[]')
        from sluice.arms a join sluice.providers v on v.name = a.provider where a.split = s.key) as arms
    from sluice.splits s
    left join public.feature_flags f on f.flag_key = s.key
    left join public.feature_flags p on p.flag_key = sluice.policy_key(s.key)
    where s.archived_at is null order by s.slug`;
}
