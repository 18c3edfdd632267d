import type { Sql } from '@/lib/postgres/sql';
import { formatLine } from '@/lib/split/policy/format-policy';
import { usualLines } from '@/lib/split/policy/red-lines';

interface NewSplit {
  readonly key: string;
  readonly slug: string;
  /** null: none are written. */
  readonly weights: Readonly<Record<string, number>> | null;
  readonly models?: readonly string[];
  /** Name → provider and pinned model; `old` is the baseline, `new` the candidate. */
  readonly arms?: Readonly<Record<string, readonly [string, string | null]>>;
  readonly policy?: boolean;
  readonly kind?: 'image' | 'job' | 'relay';
  readonly prefixes?: readonly string[];
  /** Its red lines are those of jobs. */
  readonly hasJobs?: boolean;
}

const usualArms = { old: ['fal', null], new: ['runware', null] } as const;

/** As an operator would by SQL: split, arms, policy, weights. */
export async function addSplit(
  sql: Sql,
  {
    key,
    slug,
    weights,
    models = [],
    arms = usualArms,
    policy = true,
    kind = 'image',
    prefixes = [],
    ...more
  }: NewSplit,
) {
  const { hasJobs = kind === 'job' } = more;
  await sql`insert into sluice.splits (key, slug, kind, label, match)
    values (${key}, ${slug}, ${kind}, ${slug}, ${JSON.stringify(kind === 'relay' ? { prefixes } : { models })}::text::jsonb)`;
  for (const [name, [provider, model]] of Object.entries(arms)) {
    await sql`insert into sluice.arms (split, name, provider, model) values (${key}, ${name}, ${provider}, ${model})`;
  }
  if (policy) {
    await writeFlag(sql, key.replace(/_WEIGHTS$/, '_POLICY'), {
      ...{ baseline: 'old', candidate: 'new', rollback: { old: 1, new: 0 } },
      stages: [{ name: 'D1', weights: { old: 0.9, new: 0.1 }, observe: '1h' }],
      ...(hasJobs ? { redLines: usualLines.job.map(formatLine) } : {}),
    });
  }
  if (weights) await writeFlag(sql, key, weights);
}

export async function writeFlag(sql: Sql, key: string, value: object): Promise<void> {
  const text = JSON.stringify(value);
  await sql`
    insert into feature_flags (flag_key, flag_value, flag_value_text, description, created_at, updated_at)
    values (${key}, false, ${text}, 'by hand', now(), now())
    on conflict (flag_key) do update set flag_value_text = ${text}, updated_at = now()`;
}
