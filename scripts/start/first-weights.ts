import { connect } from '@/lib/postgres/connection';
import { queryWithin } from '@/lib/postgres/transaction';
import { defaultPolicy } from '@/lib/split/policy/policy';
import { weightsText } from '@/lib/split/weights';

const withinMs = 3000;

/** An adopted database has no weights before the first are written: said with the statement, and who deleted them. */
export async function sayMissingWeights(url: string, say: (line: string) => void): Promise<void> {
  const sql = connect(url, { name: 'start', max: 1 });
  try {
    const asking = sql<{ there: boolean; deleted_by: string | null; deleted_at: Date | null }[]>`
      select exists (select from public.feature_flags f where f.flag_key = 'GEN_PROVIDER_WEIGHTS') as there,
        j.actor as deleted_by, j.at as deleted_at
      from (select 1) one left join lateral (
        select e.actor, e.at from sluice.journal e where e.flag_key = 'GEN_PROVIDER_WEIGHTS'
        order by e.seq desc limit 1) j on true`;
    const [found] = await queryWithin(withinMs, asking, 'the first weights');
    if (found === undefined || found.there) return;
    const text = weightsText(defaultPolicy.rollback);
    const what =
      found.deleted_by === null
        ? `there are no weights yet: everything goes to ${defaultPolicy.baseline} until they are written`
        : `the weights were deleted by ${found.deleted_by} at ${found.deleted_at?.toISOString()}`;
    say(`${what}. Write them with npm run sluice -- weights '${text}' or by SQL:`);
    say(
      `  insert into feature_flags (flag_key, flag_value, flag_value_text, description, created_at, updated_at) values ('GEN_PROVIDER_WEIGHTS', false, '${text}', 'Provider weights', now(), now());`,
    );
  } finally {
    await sql.end({ timeout: 2 });
  }
}
