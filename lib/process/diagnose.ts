import { join, resolve as resolvePath } from 'node:path';
import type { Env, Source } from '@/lib/config/env';
import { maskUrl } from '@/lib/config/mask';
import { misspeltNames } from '@/lib/config/misspelt';
import { clashingVariables, keyVariable } from '@/lib/config/provider-keys';
import { whatHolds } from '@/lib/config/what-holds';
import { withSchema } from '@/lib/control/flags/schema-there';
import { seenBook } from '@/lib/control/journal/anchor-book';
import { type Deadline, type Diagnosis, runDoctor } from '@/lib/doctor/checks/run-doctor';
import type { DatabaseUnderTest, Instruments, KeysAtHand, Peer, ProviderUnderTest } from '@/lib/doctor/diagnosis';
import { readDatabaseFacts } from '@/lib/doctor/diagnosis-store';
import { handshake } from '@/lib/doctor/instruments/handshake';
import { portOwner } from '@/lib/doctor/instruments/port-owner';
import { resolve } from '@/lib/doctor/instruments/resolve';
import { secretFiles } from '@/lib/doctor/instruments/secret-files';
import { createProviders, modelsKnownTo } from '@/lib/gateway/providers/create-providers';
import { connect } from '@/lib/postgres/connection';
import { readMigrations } from '@/lib/postgres/migrate/files';
import { queryWithin } from '@/lib/postgres/transaction';
import { databaseHosts } from '@/lib/postgres/url';

import { keyStore } from '@/lib/registry/keys/key-store';
import { ProviderKeys } from '@/lib/registry/keys/provider-keys';
import type { SecretKey } from '@/lib/registry/keys/stored-keys';

import { firstSplit } from '@/lib/split/split-key';
import { findSecretKey } from './keys/secret-key';
import { providerSettings } from './provider-settings';

/** Below the ten seconds that the doctor promises in all, with room for starting up. */
const checkWithinMs = 5500;
const keysWithinMs = 1000;

export interface DoctorOptions {
  readonly root: string;
  /** null: none is known. */
  readonly databaseUrl: string | null;
  readonly withinMs?: number;
  readonly now?: () => number;
}

/** Looks at everything as this machine and this environment see it; changes nothing. */
export async function diagnose(source: Source, options: DoctorOptions): Promise<Diagnosis> {
  const { env: given, faults } = whatHolds(source);
  const secretKey = secretKeyHere(given, faults, options);
  const env = await withStoredKeys(given, secretKey, options);
  const providers = createProviders(providerSettings(env));
  const instruments: Instruments = {
    environment: [...faults, ...misspeltNames(source)],
    providers: [...providers.values()].map((provider) => underTest(provider, env, faults)),
    keyed: (provider) => env.providerKeys[keyVariable(provider)] !== undefined,
    peers: peersOf(env, options.databaseUrl),
    port: { host: env.HOST, port: env.PORT },
    keysFor: (names) => (env.SLUICE_SANDBOX ? null : keysAtHand(given, secretKey, names)),
    database:
      options.databaseUrl === null
        ? null
        : databaseUnderTest(options.databaseUrl, options, resolvePath(options.root, env.SLUICE_DATA_DIR)),
    secretFiles: () => secretFiles(options.root, resolvePath(options.root, env.SLUICE_DATA_DIR)),
    resolve,
    handshake: (host, port, signal) => handshake(host, port, signal, Date.now()),
    portOwner,
    now: options.now ?? Date.now,
  };
  try {
    return await runDoctor(instruments, deadline(options.withinMs ?? checkWithinMs));
  } finally {
    await Promise.all([...providers.values()].map((provider) => provider.close()));
  }
}

function secretKeyHere(env: Env, faults: Instruments['environment'], options: DoctorOptions): SecretKey {
  const fault = faults.find(({ key }) => key === 'SLUICE_SECRET_KEY');
  if (fault) return { whyNot: `SLUICE_SECRET_KEY ${fault.sentence}` };
  const dataDir = resolvePath(options.root, env.SLUICE_DATA_DIR);
  return findSecretKey({ given: env.SLUICE_SECRET_KEY, dataDir, databaseUrl: options.databaseUrl ?? undefined });
}

function keysAtHand(env: Env, secretKey: SecretKey, providers: readonly string[]): KeysAtHand {
  const clashes = clashingVariables(providers);
  const environment = (provider: string) => {
    const variable = keyVariable(provider);
    return clashes.has(variable) ? null : (env.providerKeys[variable] ?? null);
  };
  return { secretKey, environment, variableOf: keyVariable, clashes };
}

/** The providers are asked with the keys that a web process would use; with the environment's where the store is away. */
async function withStoredKeys(env: Env, secretKey: SecretKey, { databaseUrl }: DoctorOptions): Promise<Env> {
  if (databaseUrl === null || env.SLUICE_SANDBOX || 'whyNot' in secretKey) return env;
  const sql = connect(databaseUrl, { name: 'doctor keys', max: 1, silenceMs: keysWithinMs, connectTimeoutSeconds: 2 });
  const stored = new ProviderKeys({ secret: secretKey.secret, environment: () => null });
  try {
    stored.learn(await queryWithin(keysWithinMs, keyStore(sql).sealed(), 'doctor'));
  } catch {
    // The line of the database says what is wrong with it.
  } finally {
    await sql.end({ timeout: 0 });
  }
  const FAL_KEY = stored.keyOf('fal')?.key ?? env.FAL_KEY;
  const RUNWARE_API_KEY = stored.keyOf('runware')?.key ?? env.RUNWARE_API_KEY;
  const used = { ...(FAL_KEY && { FAL_KEY }), ...(RUNWARE_API_KEY && { RUNWARE_API_KEY }) };
  return { ...env, ...used, providerKeys: { ...env.providerKeys, ...used } };
}

const keys: Readonly<Record<string, { key: string; origin: string }>> = {
  fal: { key: 'FAL_KEY', origin: 'FAL_BASE_URL' },
  runware: { key: 'RUNWARE_API_KEY', origin: 'RUNWARE_BASE_URL' },
};

type ProviderOf = ReturnType<typeof createProviders> extends ReadonlyMap<string, infer P> ? P : never;

function underTest(provider: ProviderOf, env: Env, faults: Instruments['environment']): ProviderUnderTest {
  const { name } = provider;
  const { key } = keys[name] ?? { key: name.toUpperCase() };
  const noKeys = env.FAL_KEY === undefined && env.RUNWARE_API_KEY === undefined && faults.length === 0;
  return {
    name,
    key,
    configured: provider.configured,
    refusal: faults.find((fault) => fault.key === key)?.sentence ?? null,
    simulated: env.SLUICE_SANDBOX || (noKeys && !provider.configured),
    models: modelsKnownTo(name),
    async probe(signal) {
      const { ok, error, errorKind } = await provider.probe(signal);
      return { ok, error, ...(errorKind === undefined ? {} : { kind: errorKind }) };
    },
  };
}

function peersOf(env: Env, databaseUrl: string | null): readonly Peer[] {
  const origins: [string, string | undefined][] = [
    ['FAL_BASE_URL', env.FAL_KEY && env.FAL_BASE_URL],
    ['RUNWARE_BASE_URL', env.RUNWARE_API_KEY && env.RUNWARE_BASE_URL],
    ['SUPABASE_URL', env.SUPABASE_URL],
  ];
  const peers = origins.flatMap(([key, origin]) => (origin ? [peerOf(key, new URL(origin))] : []));
  if (databaseUrl === null) return peers;
  return [...peers, ...databaseHosts(databaseUrl).map((at) => ({ key: 'DATABASE_URL', ...at, tls: false }))];
}

function peerOf(key: string, { hostname, port, protocol }: URL): Peer {
  const tls = protocol === 'https:';
  return { key, host: bare(hostname), port: Number(port || (tls ? 443 : 80)), tls };
}

const bare = (hostname: string) => hostname.replace(/^\[|\]$/g, '');

function databaseUnderTest(
  url: string,
  { root, withinMs = checkWithinMs }: DoctorOptions,
  dataDir: string,
): DatabaseUnderTest {
  const book = seenBook(dataDir, url);
  return {
    shown: maskUrl(url),
    book,
    expected: readMigrations(join(root, 'supabase/migrations')).map(({ version }) => version),
    async read() {
      const sql = connect(url, {
        name: 'doctor',
        max: 2,
        silenceMs: withinMs,
        connectTimeoutSeconds: 4,
        obeysReadOnly: true,
      });
      try {
        return await queryWithin(withinMs - 500, readDatabaseFacts(sql, firstSplit, book.load()), 'doctor');
      } catch (error) {
        throw await withSchema(sql, error);
      } finally {
        await sql.end({ timeout: 0 });
      }
    },
  };
}

function deadline(ms: number): Deadline {
  return () => {
    const controller = new AbortController();
    let end = () => {};
    const over = new Promise<void>((resolveOver) => {
      end = resolveOver;
    });
    // What obeys the signal answers for itself; what does not is cut off half a second later.
    const soft = setTimeout(() => controller.abort(new Error('no answer in time')), ms - 500);
    const hard = setTimeout(() => end(), ms);
    const cancel = () => {
      clearTimeout(soft);
      clearTimeout(hard);
    };
    return { signal: controller.signal, over, cancel };
  };
}
