import { hash, timingSafeEqual } from 'node:crypto';
import type { Scope } from '@/lib/api/scopes';
import type { Env } from '@/lib/config/env';
import { simulatesInProcess } from '@/lib/config/preview';
import { slidingCount } from '@/lib/http/defence/sliding-count';
import { tooMany } from '@/lib/http/defence/throttle';
import type { WrongCredentials } from '@/lib/http/defence/wrong-credentials';
import type { Head, Incoming, Outgoing } from '@/lib/http/message';
import { Problem } from '@/lib/http/problem';
import { excerpt } from '@/lib/kernel/excerpt';
import { forbiddenModel, type ModelNames } from '@/lib/registry/callers/allowed-models';
import { anyone, type Caller } from '@/lib/registry/callers/caller';
import type { KnownCallers } from '@/lib/registry/callers/known-callers';

/** Tells by the headers alone who calls; throws 401 for a key that is not known here. */
type WhoCalls = (head: Pick<Head, 'header'>) => Caller;

/** Answers one caller of the data plane. `spend` counts what it asks for beyond the request itself; it may refuse. */
export type CallerHandler = (incoming: Incoming, caller: Caller, spend?: (count: number) => void) => Promise<Outgoing>;

/** Those of the registry, as this process knows them. */
type Stored = Pick<KnownCallers, 'areThere' | 'callerOf'>;
const noneStored: Stored = { areThere: false, callerOf: () => null };

/** `Key` is how the clients of FAL send one. */
const scheme = /^(?:Bearer|Key)[ \t]+(\S+)[ \t]*$/i;
/** As keys of FAL's own look. */
const falKey = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}:[0-9a-f]{16,}$/i;

/** By either scheme; throws 401 for a vendor's own key, which belongs in no request to us. */
function keyIn(authorization: string | null): string | null {
  const given = scheme.exec(authorization ?? '')?.[1] ?? null;
  if (given === null || !falKey.test(given)) return given;
  const detail =
    "The Authorization header holds a key of FAL's own, which Sluice neither needs nor keeps: set the client's " +
    'credentials to the key of Sluice, and take FAL_KEY out of its environment.';
  throw new Problem(401, 'vendor-key', detail, { headers: { 'www-authenticate': 'Bearer realm="sluice"' } });
}

const generating: readonly Scope[] = ['generate', 'relay', 'assign', 'events', 'metrics'];
const reporting: readonly Scope[] = ['events', 'events:foreign', 'metrics'];
const backfilling: readonly Scope[] = [...reporting, 'events:backfill'];

interface Known {
  readonly digest: Uint8Array;
  readonly caller: Caller;
}

type CallerKeys = Pick<Env, 'SLUICE_API_KEYS' | 'SLUICE_EVENT_KEYS' | 'SLUICE_BACKFILL_KEYS'> &
  Parameters<typeof simulatesInProcess>[0];

/** The callers that the environment's lists of keys make, their digests taken once, and beside them those that are stored. */
export function callersOf(env: CallerKeys, stored: Stored = noneStored): WhoCalls {
  const known = [
    ...env.SLUICE_API_KEYS.map((key) => knownBy(key, generating)),
    ...env.SLUICE_EVENT_KEYS.map((key) => knownBy(key, reporting)),
    ...env.SLUICE_BACKFILL_KEYS.map((key) => knownBy(key, backfilling)),
  ];
  const keyless = env.SLUICE_API_KEYS.length > 0 ? null : anyoneOf(known.length === 0 && !simulatesInProcess(env));
  return (head) => {
    const bearer = keyIn(head.header('authorization'));
    // Once a caller is stored, requests without a key are refused.
    const open = stored.areThere ? null : keyless;
    if (open !== null && known.length === 0) return open;
    const key = head.header('x-api-key');
    const caller =
      match(known, bearer) ?? match(known, key) ?? storedBy(stored, bearer) ?? storedBy(stored, key) ?? open;
    if (caller !== null) return caller;
    throw new Problem(
      401,
      'api-key',
      'Send Authorization: Bearer <key> with one of SLUICE_API_KEYS, or a stored one.',
      {
        headers: { 'www-authenticate': 'Bearer realm="sluice"' },
      },
    );
  };
}

function storedBy(stored: Stored, key: string | null): Caller | null {
  return key === null || !stored.areThere ? null : stored.callerOf(key);
}

/**
 * Where no key is configured (on loopback and in simulated previews only, see the environment) all requests are of one
 * caller. On loopback, without a key at all, that one may do everything; in a preview, which strangers reach, and where
 * there are keys for events, only such keys report foreign requests.
 */
function anyoneOf(mayReport: boolean): Caller {
  return { name: anyone, scopes: new Set(mayReport ? [...generating, ...backfilling] : generating) };
}

/** Named after the key's digest: the name stays when the list is put in another order. */
function knownBy(key: string, scopes: readonly Scope[]): Known {
  const digest = hash('sha256', key, 'buffer');
  return { digest, caller: { name: `env-${digest.toString('hex').slice(0, 8)}`, scopes: new Set(scopes) } };
}

/** Looks at every known key, whichever is right, so that the time says nothing. */
function match(known: readonly Known[], given: string | null): Caller | null {
  if (given === null) return null;
  const digest = hash('sha256', given, 'buffer');
  let found: Caller | null = null;
  for (const each of known) if (timingSafeEqual(digest, each.digest)) found = each.caller;
  return found;
}

/** 403 for a key that is known, but not for this. */
export function requireScope(caller: Caller, ...scopes: readonly Scope[]): void {
  if (scopes.some((scope) => caller.scopes.has(scope))) return;
  const granted = [...caller.scopes].join(', ');
  const needed = scopes.join(' or ');
  throw new Problem(403, 'scope', `${caller.name} may not do this: it needs ${needed}, and its key grants ${granted}.`);
}

/** 403 for a model that the caller is not let ask for, before anybody is sent anything. */
export function requireModels(caller: Caller, asked: readonly ModelNames[]): void {
  const forbidden = forbiddenModel(caller, asked);
  if (forbidden === null) return;
  const allowed = (caller.models ?? []).join(', ');
  const detail = `${caller.name} may not ask for the model ${excerpt(forbidden)}; it may ask for ${allowed}. Nothing was sent to anybody.`;
  throw new Problem(403, 'model', detail, { headers: { 'x-sluice-fault': 'caller' } });
}

/** Who calls; a key that no caller has is logged and counted against the address that sent it. */
export function watchedCallers(env: Env, wrong: WrongCredentials, stored?: Stored): (head: Head) => Caller {
  const whoCalls = callersOf(env, stored);
  return (head) => {
    try {
      return whoCalls(head);
    } catch (error) {
      const credential = head.header('authorization') ?? head.header('x-api-key');
      if (!(error instanceof Problem) || credential === null) throw error;
      throw wrong.refused(head, { door: 'api-key', credential }, error);
    }
  };
}

export type CallerRates = ReturnType<typeof callerRates>;

/** The rates that callers are stored with: requests and images together within a minute, counted by this process. */
export function callerRates(now: () => number) {
  const counts = slidingCount(now);
  return {
    /** Throws 429 when the caller has not as many left, and counts nothing then. */
    take({ name, ratePerMinute }: Caller, count: number): void {
      if (ratePerMinute === undefined || ratePerMinute === null || count === 0) return;
      if (counts.used(name) + count > ratePerMinute) {
        throw tooMany(`At most ${ratePerMinute} requests and images a minute for ${name}`, now());
      }
      counts.add(name, count);
    },
  };
}
