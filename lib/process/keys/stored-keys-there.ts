import { connect } from '@/lib/postgres/connection';
import { queryWithin } from '@/lib/postgres/transaction';
import { keyStore } from '@/lib/registry/keys/key-store';

const withinMs = 3000;

/** Whether a key of a provider is stored and serves; a database that does not say so has none. */
export async function areKeysStored(databaseUrl: string): Promise<boolean> {
  const sql = connect(databaseUrl, { name: 'stored keys', max: 1, silenceMs: withinMs });
  try {
    return (await queryWithin(withinMs, keyStore(sql).sealed(), 'reading stored keys')).length > 0;
  } catch {
    return false;
  } finally {
    await sql.end({ timeout: 1 });
  }
}
