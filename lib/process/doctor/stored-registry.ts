import type { Env } from '@/lib/config/env';
import { connect } from '@/lib/postgres/connection';
import { queryWithin } from '@/lib/postgres/transaction';
import { keyStore } from '@/lib/registry/keys/key-store';
import { ProviderKeys } from '@/lib/registry/keys/provider-keys';
import type { SecretKey } from '@/lib/registry/keys/stored-keys';
import { readRegistry } from '@/lib/registry/read-registry';
import type { Registry } from '@/lib/registry/registry';
import { keyParts } from '../provider-settings';

const storeWithinMs = 1000;

interface Stored {
  readonly keys: ProviderKeys;
  /** null: the store is away, or of before there was a registry. */
  readonly registry: Registry | null;
}

/** What cannot be read is left out: the line of the database says what is wrong with it. */
export async function readStored(env: Env, secretKey: SecretKey, databaseUrl: string): Promise<Stored> {
  let names: readonly string[] = [];
  const { environment } = keyParts(env, () => names);
  const secret = 'secret' in secretKey ? secretKey.secret : null;
  const keys = new ProviderKeys({ secret, environment });
  const sql = connect(databaseUrl, {
    ...{ name: 'doctor keys', max: 2, silenceMs: storeWithinMs, connectTimeoutSeconds: 2 },
  });
  try {
    const [sealed, read] = await Promise.allSettled([
      queryWithin(storeWithinMs, keyStore(sql).sealed(), 'doctor'),
      readRegistry(sql),
    ]);
    if (sealed.status === 'fulfilled') keys.learn(sealed.value);
    const registry = read.status === 'fulfilled' ? read.value : null;
    names = registry?.providers.map(({ name }) => name) ?? [];
    return { keys, registry };
  } finally {
    await sql.end({ timeout: 0 });
  }
}
