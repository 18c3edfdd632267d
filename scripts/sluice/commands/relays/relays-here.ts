import { resolve } from 'node:path';
import { relaysUnderTest } from '@/lib/process/doctor/relays-under-test';
import { findSecretKey } from '@/lib/process/keys/secret-key';
import { surroundings } from '../../../known-database';
import { root } from '../../../project-root';
import { type Invocation, Said } from '../../command';

/** The relays of the registry, with the keys that a web process of this environment would use. */
export async function relaysHere(call: Invocation) {
  const { env, faults } = surroundings();
  const { url } = call.database();
  const fault = faults.find(({ key }) => key === 'SLUICE_SECRET_KEY');
  const dataDir = resolve(root, env.SLUICE_DATA_DIR);
  const secretKey = fault
    ? { whyNot: `SLUICE_SECRET_KEY ${fault.sentence}` }
    : findSecretKey({ given: env.SLUICE_SECRET_KEY, dataDir, databaseUrl: url });
  const found = await relaysUnderTest(env, secretKey, url);
  if (found === null) throw new Said('The registry cannot be read: see the line "database" of sluice doctor.');
  return found;
}
