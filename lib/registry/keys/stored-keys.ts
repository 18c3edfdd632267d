import { excerpt } from '@/lib/kernel/excerpt';
import { Refusal } from '@/lib/kernel/refusal';
import type { KeyRow, KeyStore } from './key-store';
import { hintOf, keyText } from './key-text';
import { closedSentence } from './provider-keys';
import { fingerprintOf, seal, unseal } from './seal';

/** What seals, or why there is nothing to seal with. */
export type SecretKey = { readonly secret: Uint8Array; readonly from: string } | { readonly whyNot: string };

interface StoredKey {
  readonly provider: string;
  readonly version: number;
  readonly hint: string;
}

/** Stores a key of a provider as its newest version; it serves at once. */
export async function setKey(
  store: KeyStore,
  secretKey: SecretKey,
  wanted: { readonly provider: string; readonly key: string },
  by: string,
): Promise<StoredKey> {
  if ('whyNot' in secretKey) throw new Refusal('secret-key-missing', `No key was stored: ${secretKey.whyNot}.`);
  const { secret } = secretKey;
  const { provider } = wanted;
  const key = keyText(wanted.key);
  const hint = hintOf(key);
  const sealAs = (version: number) => {
    return { sealed: seal(secret, { provider, version }, key), sealedWith: fingerprintOf(secret) };
  };
  const version = await store.add({ provider, hint, sealAs }, by);
  if (version === null) throw await noSuchProvider(store, provider, 'No key was stored');
  return { provider, version, hint };
}

/** Retires one version, or all that are older than the newest: calls are no longer signed with it. */
export async function retireKeys(
  store: KeyStore,
  provider: string,
  version: number | null,
  by: string,
): Promise<readonly number[]> {
  const retired = await store.retire(provider, version, by);
  if (retired.length > 0) return retired;
  const known = await store.providers();
  if (!known.includes(provider)) throw await noSuchProvider(store, provider, 'No key was retired');
  const which =
    version === null
      ? 'no key that is older than its newest; name the version to retire that one too'
      : `no key ${version} that serves`;
  throw new Refusal('no-such-key', `No key was retired: ${provider} has ${which}.`);
}

/** Seals every stored key with another secret, all in one transaction; how many they were. */
export async function rotateSecret(store: KeyStore, old: Uint8Array, next: Uint8Array, by: string): Promise<number> {
  if (fingerprintOf(old) === fingerprintOf(next)) {
    throw new Refusal('key-invalid', 'Nothing was sealed anew: the new SLUICE_SECRET_KEY is the one in use.');
  }
  const sealedWith = fingerprintOf(next);
  return store.sealAnew((row) => {
    const key = unseal(old, row, row.sealed);
    if (key === null) {
      const why = closedSentence(row.version, row.sealedWith, old);
      throw new Refusal(
        'key-invalid',
        `Nothing was sealed anew: ${row.provider}: ${why}. Delete that row of sluice.provider_keys if its secret is lost.`,
      );
    }
    return { sealed: seal(next, row, key), sealedWith };
  }, by);
}

/** Where the key of a provider comes from now. */
export type KeySource =
  | { readonly kind: 'stored'; readonly version: number }
  | { readonly kind: 'environment'; readonly variable: string }
  | { readonly kind: 'none'; readonly variable: string };

interface SourceFacts {
  readonly rows: readonly KeyRow[];
  readonly secretKey: SecretKey;
  readonly environment: (provider: string) => string | null;
  readonly variableOf: (provider: string) => string;
}

/** The newest that was sealed with the secret at hand: the rest cannot be opened here. */
export function keySource(provider: string, { rows, secretKey, environment, variableOf }: SourceFacts): KeySource {
  const ours = 'whyNot' in secretKey ? null : fingerprintOf(secretKey.secret);
  const newest = rows
    .filter((row) => row.provider === provider && row.retired_at === null && row.sealed_with === ours)
    .sort((a, b) => b.version - a.version)[0];
  if (newest) return { kind: 'stored', version: newest.version };
  const variable = variableOf(provider);
  return { kind: environment(provider) === null ? 'none' : 'environment', variable };
}

async function noSuchProvider(store: KeyStore, provider: string, what: string): Promise<Refusal> {
  const known = (await store.providers()).join(', ');
  return new Refusal('no-such-provider', `${what}: there is no provider ${excerpt(provider)}; there are ${known}.`);
}
