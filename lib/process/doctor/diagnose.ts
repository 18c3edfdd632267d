import { join, resolve as resolvePath } from 'node:path';
import type { Env, Source } from '@/lib/config/env';
import { maskUrl } from '@/lib/config/mask';
import { misspeltNames } from '@/lib/config/misspelt';
import { clashingVariables, keyVariable } from '@/lib/config/provider-keys';
import { shippedProviders } from '@/lib/config/shipped-providers';
import { whatHolds } from '@/lib/config/what-holds';
import { withSchema } from '@/lib/control/flags/schema-there';
import { seenBook } from '@/lib/control/journal/anchor-book';
import { type Deadline, type Diagnosis, runDoctor } from '@/lib/doctor/checks/run-doctor';
import type { DatabaseUnderTest, Instruments, KeysAtHand, Peer } from '@/lib/doctor/diagnosis';
import { readDatabaseFacts } from '@/lib/doctor/diagnosis-store';
import { connectTo } from '@/lib/doctor/instruments/connect-to';
import { handshake } from '@/lib/doctor/instruments/handshake';
import { portOwner } from '@/lib/doctor/instruments/port-owner';
import { resolve } from '@/lib/doctor/instruments/resolve';
import { secretFiles } from '@/lib/doctor/instruments/secret-files';
import { defaultModel } from '@/lib/gateway/models/models';
import { bareHost } from '@/lib/kernel/private-address';
import { connect } from '@/lib/postgres/connection';
import { readMigrations } from '@/lib/postgres/migrate/files';
import { queryWithin } from '@/lib/postgres/transaction';
import { databaseHosts } from '@/lib/postgres/url';

import type { SecretKey } from '@/lib/registry/keys/stored-keys';

import { firstSplit } from '@/lib/split/split-key';
import { findSecretKey } from '../keys/secret-key';
import { openFiles } from '../open-files';
import { keyedProviders, underTest } from './providers-under-test';
import { relaysUnderTest } from './relays-under-test';

/** Below the ten seconds that the doctor promises in all, with room for starting up. */
const checkWithinMs = 5500;

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
  const { env, providers } = await keyedProviders(given, secretKey, options.databaseUrl);
  const instruments: Instruments = {
    environment: [...faults, ...misspeltNames(source)],
    providers: providers.map((provider) => underTest(provider, env, faults)),
    usualModel: defaultModel,
    keyed: (provider) => env.providerKeys[keyVariable(provider)] !== undefined,
    peers: peersOf(env, options.databaseUrl),
    port: { host: env.HOST, port: env.PORT },
    keysFor: (names) => (env.SLUICE_SANDBOX ? null : keysAtHand(given, secretKey, names)),
    database:
      options.databaseUrl === null
        ? null
        : databaseUnderTest(options.databaseUrl, options, resolvePath(options.root, env.SLUICE_DATA_DIR)),
    secretFiles: () => secretFiles(options.root, resolvePath(options.root, env.SLUICE_DATA_DIR)),
    relays: () => activeRelays(given, secretKey, options.databaseUrl),
    openFiles: (relays) => openFiles(env, providers.length + relays),
    resolve,
    connect: connectTo,
    handshake: (host, port, signal) => handshake(host, port, signal, Date.now()),
    portOwner,
    now: options.now ?? Date.now,
  };
  try {
    return await runDoctor(instruments, deadline(options.withinMs ?? checkWithinMs));
  } finally {
    await Promise.all(providers.map((provider) => provider.close()));
  }
}

async function activeRelays(env: Env, secretKey: SecretKey, databaseUrl: string | null) {
  if (databaseUrl === null) return [];
  const all = (await relaysUnderTest(env, secretKey, databaseUrl)) ?? [];
  return all.filter(({ state }) => state === 'active');
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

function peersOf(env: Env, databaseUrl: string | null): readonly Peer[] {
  const origins: [string, string | undefined][] = [
    ...shippedProviders.map(({ key, url }): [string, string | undefined] => [url, env[key] && env[url]]),
    ['SUPABASE_URL', env.SUPABASE_URL],
  ];
  const peers = origins.flatMap(([key, origin]) => (origin ? [peerOf(key, new URL(origin))] : []));
  if (databaseUrl === null) return peers;
  return [...peers, ...databaseHosts(databaseUrl).map((at) => ({ key: 'DATABASE_URL', ...at, tls: false }))];
}

function peerOf(key: string, { hostname, port, protocol }: URL): Peer {
  const tls = protocol === 'https:';
  return { key, host: bareHost(hostname), port: Number(port || (tls ? 443 : 80)), tls };
}

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
