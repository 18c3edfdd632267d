import { connect } from '@/lib/postgres/connection';
import { queryWithin } from '@/lib/postgres/transaction';

const withinMs = 3000;

/**
 * Whether a key is stored of a provider that would else be simulated, which a relay never is; a database that does not
 * say so has none.
 */
export async function areKeysStored(databaseUrl: string): Promise<boolean> {
  const sql = connect(databaseUrl, { name: 'stored keys', max: 1, silenceMs: withinMs });
  const asked = sql<{ there: boolean }[]>`
    select exists (select from sluice.provider_keys k join sluice.providers p on p.name = k.provider
      where k.retired_at is null and p.adapter is distinct from 'relay') as there`;
  try {
    const [row] = await queryWithin(withinMs, asked, 'reading stored keys');
    return row?.there ?? false;
  } catch {
    return false;
  } finally {
    await sql.end({ timeout: 1 });
  }
}
