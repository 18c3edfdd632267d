import { resolve } from 'node:path';
import { findSecretKey } from '@/lib/process/keys/secret-key';
import type { SecretKey } from '@/lib/registry/keys/stored-keys';
import { surroundings } from '../known-database';
import { root } from '../project-root';
import type { Invocation } from './command';

/** What seals here, or why there is nothing to seal with. */
export function secretKeyHere(call: Invocation): SecretKey {
  const { env, faults } = surroundings();
  const fault = faults.find(({ key }) => key === 'SLUICE_SECRET_KEY');
  if (fault) return { whyNot: `SLUICE_SECRET_KEY ${fault.sentence}` };
  const dataDir = resolve(root, env.SLUICE_DATA_DIR);
  return findSecretKey({ given: env.SLUICE_SECRET_KEY, dataDir, databaseUrl: call.database().url });
}
