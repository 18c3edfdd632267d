import { relaysUnderTest } from '@/lib/process/doctor/relays-under-test';
import { surroundings } from '../../../known-database';
import { type Invocation, Said } from '../../command';
import { secretKeyHere } from '../../secret-key-here';

/** The relays of the registry, with the keys that a web process of this environment would use. */
export async function relaysHere(call: Invocation) {
  const found = await relaysUnderTest(surroundings().env, secretKeyHere(call), call.database().url);
  if (found === null) throw new Said('The registry cannot be read: see the line "database" of sluice doctor.');
  return found;
}
