import { hash, randomBytes } from 'node:crypto';
import { excerpt } from '@/lib/kernel/excerpt';
import { Refusal, says } from '@/lib/kernel/refusal';
import { nameShape } from '@/lib/split/name-shapes';
import type { Quota } from '../quota';
import { anyone } from './caller';
import { type CallerRights, rightsFault, scopesAmong } from './caller-faults';
import type { CallerStore } from './caller-store';

export interface NewCaller {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly prefixes: readonly string[];
  /** Names or globs; left out or empty: every model. */
  readonly models?: readonly string[] | undefined;
  readonly ratePerMinute: number | null;
  /** Left out: what it may spend is not limited. */
  readonly quota?: Quota | undefined;
  /** null: the key does not expire. */
  readonly validSeconds: number | null;
}

export interface IssuedKey {
  readonly id: number;
  readonly name: string;
  /** Answered this once, and not kept. */
  readonly key: string;
}

const leastSeconds = 60;
const mostSeconds = 3650 * 86_400;

/** Adds a caller and its first key. */
export async function addCaller(store: CallerStore, wanted: NewCaller, by: string): Promise<IssuedKey> {
  const { name, scopes, prefixes, models = [], ratePerMinute, quota = {} } = wanted;
  refuseName(name);
  const fault = rightsFault({ scopes, prefixes, models, ratePerMinute, quota });
  if (fault !== null) throw invalid(fault);
  refuseSeconds(wanted.validSeconds);
  const { key, stored } = issueKey(wanted.validSeconds);
  const rights = { scopes: scopesAmong(scopes), prefixes, models, ratePerMinute, quota };
  const id = await store.add({ name, ...rights, key: stored }, by);
  if (id !== null) return { id, name, key };
  throw new Refusal(
    'caller-exists',
    `There is a caller ${name} already; give it another key with: sluice callers rotate ${name}`,
  );
}

/** A further key of the same name: both work until the old one is revoked. */
export async function rotateCaller(
  store: CallerStore,
  name: string,
  validSeconds: number | null,
  by: string,
): Promise<IssuedKey> {
  refuseSeconds(validSeconds);
  const { key, stored } = issueKey(validSeconds);
  const id = await store.addKey(name, stored, by);
  if (id === null) throw noSuchCaller(name);
  return { id, name, key };
}

/** What a caller may from now on; what is left out stays as it is, and all of it is judged together. */
export async function changeCaller(
  store: CallerStore,
  name: string,
  change: Partial<CallerRights>,
  by: string,
): Promise<void> {
  const isThere = await store.change(name, by, (now) => {
    const rights = { ...now, ...change };
    const fault = rightsFault(rights);
    if (fault !== null) throw new Refusal('caller-invalid', `Nothing was changed: ${fault}.`);
    return { ...rights, scopes: scopesAmong(rights.scopes) };
  });
  if (!isThere) throw noSuchCaller(name);
}

/** Revokes every key of a caller, or one; the ids of those that worked until now. */
export async function revokeCaller(
  store: CallerStore,
  name: string,
  id: number | null,
  by: string,
): Promise<readonly number[]> {
  const revoked = await store.revoke(name, id, by);
  if (revoked === null) throw noSuchCaller(name);
  if (revoked.length > 0) return revoked;
  const which = id === null ? 'no key that works' : `no key ${id} that works`;
  throw new Refusal('no-such-caller', `Nothing was revoked: ${excerpt(name)} has ${which}.`);
}

function issueKey(validSeconds: number | null) {
  const key = `slc_${randomBytes(32).toString('base64url')}`;
  return { key, stored: { digest: hash('sha256', key), hint: key.slice(-4), validSeconds } };
}

function noSuchCaller(name: string): Refusal {
  return new Refusal(
    'no-such-caller',
    `There is no caller ${excerpt(name)}.`,
    says('no-such-caller', { name: excerpt(name) }),
  );
}

const invalid = (why: string) => new Refusal('caller-invalid', `No caller was added: ${why}.`);

/** Names that the journal and the log give to what no stored caller did. */
export function isOurName(name: string): boolean {
  return name === anyone || name === 'watchdog' || name === 'sluice' || name.startsWith('env-');
}

function refuseName(name: string): void {
  if (isOurName(name)) {
    throw invalid(`"${excerpt(name)}" cannot be a name: it is kept for ourselves`);
  }
  if (nameShape.test(name)) return;
  throw invalid(`"${excerpt(name)}" cannot be a name: small letters, digits, _ and - only, at most 32, a letter first`);
}

function refuseSeconds(seconds: number | null): void {
  if (seconds === null || (Number.isInteger(seconds) && seconds >= leastSeconds && seconds <= mostSeconds)) return;
  throw new Refusal('caller-invalid', 'No key was made: it may be valid for 1 minute to 3650 days.');
}
