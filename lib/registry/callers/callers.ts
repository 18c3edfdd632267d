import { hash, randomBytes } from 'node:crypto';
import { type Scope, scopes } from '@/lib/api/scopes';
import { excerpt } from '@/lib/kernel/excerpt';
import { Refusal, says } from '@/lib/kernel/refusal';
import { globShape, nameShape, prefixShape } from '@/lib/split/name-shapes';
import { type Quota, saidQuota } from '../quota';
import { anyone } from './caller';
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
export const mostRate = 1_000_000;
const mostModels = 64;

/** Adds a caller and its first key. */
export async function addCaller(store: CallerStore, wanted: NewCaller, by: string): Promise<IssuedKey> {
  const granted = scopesOf(wanted.scopes);
  refuseName(wanted.name);
  refusePrefixes(wanted.prefixes, granted);
  refuseModels(wanted.models ?? [], granted);
  refuseRate(wanted.ratePerMinute);
  refuseSeconds(wanted.validSeconds);
  refuseQuota(wanted.quota, granted);
  const { key, stored } = issueKey(wanted.validSeconds);
  const { name, prefixes, models, ratePerMinute, quota } = wanted;
  const id = await store.add({ name, scopes: granted, prefixes, models, ratePerMinute, quota, key: stored }, by);
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

/** What it may spend on jobs from now on; what the caps leave out is not limited. */
export async function limitCaller(store: CallerStore, name: string, quota: Quota, by: string): Promise<void> {
  if (!(await store.limit(name, quota, by))) throw noSuchCaller(name);
}

/** What it may ask for from now on; none named: every model. */
export async function allowModels(
  store: CallerStore,
  name: string,
  models: readonly string[],
  by: string,
): Promise<void> {
  refuseGlobs(models, (why) => new Refusal('caller-invalid', `Nothing was changed: ${why}.`));
  if (!(await store.allow(name, models, by))) throw noSuchCaller(name);
}

/** What it may relay from now on; none named: every relay, where it has that scope. */
export async function allowPrefixes(
  store: CallerStore,
  name: string,
  prefixes: readonly string[],
  by: string,
): Promise<void> {
  const odd = prefixes.find((prefix) => !prefixShape.test(prefix));
  if (odd !== undefined) {
    throw new Refusal(
      'caller-invalid',
      `Nothing was changed: "${excerpt(odd)}" is not a prefix; one is like /kling.`,
      says('prefix-odd', { prefix: excerpt(odd) }),
    );
  }
  const done = await store.relay(name, prefixes, by);
  if (done === null) throw noSuchCaller(name);
  if (done === 'scopeless') {
    const why = 'prefixes say what may be relayed, and it has no scope relay';
    throw new Refusal('caller-invalid', `Nothing was changed: ${why}.`, says('prefix-scopeless'));
  }
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

function scopesOf(given: readonly string[]): readonly Scope[] {
  const granted = scopes.filter((scope) => given.includes(scope));
  const unknown = given.find((scope) => !scopes.some((one) => one === scope));
  if (unknown !== undefined) throw invalid(`"${excerpt(unknown)}" is not a scope; they are ${scopes.join(', ')}`);
  if (granted.length === 0) throw invalid(`it needs a scope; they are ${scopes.join(', ')}`);
  const fault = scopesFault(granted);
  if (fault !== null) throw invalid(fault);
  return granted;
}

/** A key that can make traffic must not be able to say how it went: it could forge a verdict. null: they can stand together. */
export function scopesFault(granted: readonly Scope[]): string | null {
  const foreign = granted.find((scope) => scope.startsWith('events:'));
  if (foreign === undefined) return null;
  if (!granted.includes('events')) return `${foreign} says whose events; it needs events beside it`;
  const making = granted.find((scope) => scope === 'generate' || scope === 'relay' || scope === 'assign');
  if (making === undefined) return null;
  return `a key with ${making} cannot have ${foreign}: it could report a verdict on its own traffic; add two callers`;
}

function refusePrefixes(prefixes: readonly string[], granted: readonly Scope[]): void {
  if (prefixes.length > 0 && !granted.includes('relay')) {
    throw invalid('prefixes say what may be relayed, and it has no scope relay');
  }
  const odd = prefixes.find((prefix) => !prefixShape.test(prefix));
  if (odd !== undefined) throw invalid(`"${excerpt(odd)}" is not a prefix; one is like /kling`);
}

function refuseModels(models: readonly string[], granted: readonly Scope[]): void {
  const fault = modelsFault(models, granted);
  if (fault !== null) throw invalid(fault);
  refuseGlobs(models, invalid);
}

/** A limit that can never apply would be trusted all the same. null: they can stand together. */
export function modelsFault(models: readonly string[], granted: readonly Scope[]): string | null {
  if (models.length === 0 || granted.includes('generate') || granted.includes('relay')) return null;
  return 'models say what may be asked for, and it has neither scope generate nor relay';
}

function refuseGlobs(models: readonly string[], refusal: (why: string) => Refusal): void {
  const odd = models.find((model) => !globShape.test(model));
  if (odd !== undefined) throw refusal(`"${excerpt(odd)}" is no model; one is a name or a glob such as flux-*`);
  if (models.length > mostModels) throw refusal(`${models.length} models are too many; at most ${mostModels} are kept`);
  const twice = models.find((model, at) => models.indexOf(model) !== at);
  if (twice !== undefined) throw refusal(`"${twice}" is named twice`);
}

function refuseQuota(quota: Quota | undefined, granted: readonly Scope[]): void {
  if (saidQuota(quota) === undefined || granted.includes('generate')) return;
  throw invalid('the caps say what it may spend on jobs, and it has no scope generate');
}

function refuseRate(rate: number | null): void {
  if (rate === null || (Number.isInteger(rate) && rate >= 1 && rate <= mostRate)) return;
  throw invalid(`${rate} is not a rate; it must be a whole number of requests a minute, 1 to ${mostRate}`);
}

function refuseSeconds(seconds: number | null): void {
  if (seconds === null || (Number.isInteger(seconds) && seconds >= leastSeconds && seconds <= mostSeconds)) return;
  throw new Refusal('caller-invalid', 'No key was made: it may be valid for 1 minute to 3650 days.');
}
