import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@/lib/postgres/embedded/free-port';
import type { Sql } from '@/lib/postgres/sql';
import { type RelaySandbox, startRelaySandbox } from '@/scripts/sandbox/relays';
import { type Sandbox, startSandbox } from '@/scripts/sandbox/start';
import { sandboxEnv } from '@/scripts/start/plan';
import { addSplit } from '@/test/gateway/splits/add-split';
import type { BundleProcess } from '@/test/support/bundle-process';
import { eventually } from '@/test/support/eventually';
import { type OwnPostgres, ownPostgres } from '@/test/support/own-postgres';
import { addProvider } from '@/test/support/relay-rows';
import { addVideoSplit } from '@/test/support/video-split';
import { startWatchdogProcess } from '@/test/support/watchdog-process';
import { startWebProcess } from '@/test/support/web-process';
import { type Link, openLink } from './link';

/** A process, with its own way to the database; it comes back where it was, on the same folder. */
export interface Member {
  readonly name: string;
  readonly store: Link;
  readonly process: BundleProcess;
  /** Where it keeps what the database did not take. */
  readonly folder: string;
  /** `kill -9`. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

export interface Web extends Member {
  /** Between its callers and it. */
  readonly front: Link;
  readonly url: string;
}

export interface CrashWorld {
  readonly postgres: OwnPostgres;
  readonly sandbox: Sandbox;
  readonly relays: RelaySandbox;
  readonly webs: readonly Web[];
  readonly watchdog: Member;
  readonly vendors: Readonly<Record<'fal' | 'runware' | 'runway', Link>>;
  close(): Promise<void>;
}

/** Splits beside `film`, which goes to both, for orders that shall go to one. */
const wholly = { 'to-fal': { old: 1, new: 0 }, 'to-runware': { old: 0, new: 1 } };
const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Everything that a job passes through, as it runs in production, and a proxy on every way between two of them. */
export async function openCrashWorld(webCount: number): Promise<CrashWorld> {
  const ends: (() => unknown)[] = [];
  const atEnd = <T>(made: T, end: (made: T) => unknown): T => {
    ends.push(() => end(made));
    return made;
  };
  const link = async (port: number, speaks: 'sql' | 'http') =>
    atEnd(await openLink(port, speaks), ({ proxy }) => proxy.close());
  const close = async () => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const postgres = atEnd(await ownPostgres(), (made) => made.close());
    await addVideoSplit(postgres.sql);
    for (const [slug, weights] of Object.entries(wholly)) {
      await addSplit(postgres.sql, {
        key: `${slug.replace('-', '_').toUpperCase()}_WEIGHTS`,
        slug,
        kind: 'job',
        weights,
      });
    }
    const sandbox = atEnd(await startSandbox({ seed: 7 }), (made) => made.close());
    for (const name of ['fal', 'runware'] as const) sandbox.control(name, { latencyMs: 1, jobMs: 400 });
    const relays = atEnd(await startRelaySandbox(7), (made) => made.close());
    relays.runway.control({ latencyMs: 1, jobMs: 400 });
    const vendors = {
      runway: await link(portOf(relays.runway.url), 'http'),
      fal: await link(portOf(sandbox.falUrl), 'http'),
      runware: await link(portOf(sandbox.runwareUrl), 'http'),
    };
    await addRelay(postgres.sql, urlOf(vendors.runway));
    const common = {
      ...sandboxEnv({ ...sandbox, falUrl: urlOf(vendors.fal), runwareUrl: urlOf(vendors.runware) }),
      ...{ SLUICE_TICK_SECONDS: '5', SLUICE_RATE_GENERATE: '0', HOST: '127.0.0.1' },
      RUNWAY_API_KEY: relays.runway.key,
    };
    const member = async (name: string) => {
      const store = await link(portOf(postgres.url), 'sql');
      const folder = atEnd(mkdtempSync(join(tmpdir(), 'sluice-crash-')), (path) =>
        rmSync(path, { recursive: true, force: true }),
      );
      const url = new URL(postgres.url);
      url.port = String(store.proxy.port);
      return { name, store, folder, env: { ...common, DATABASE_URL: url.href, SLUICE_DATA_DIR: folder } };
    };
    const webs: Web[] = [];
    for (let at = 0; at < webCount; at += 1) {
      const { name, store, folder, env } = await member(`web ${at + 1}`);
      const port = await freePort();
      const front = await link(port, 'http');
      const all = { ...env, PORT: String(port), SLUICE_PUBLIC_URL: urlOf(front) };
      const started = await restartable(() => startWebProcess(root, all), atEnd);
      webs.push(Object.assign(started, { name, store, folder, front, url: urlOf(front) }));
    }
    const { name, store, folder, env } = await member('watchdog');
    const watchdog = await restartable(() => startWatchdogProcess(root, env), atEnd);
    for (const { url } of webs) await routed(url);
    return {
      postgres,
      sandbox,
      relays,
      webs,
      vendors,
      close,
      watchdog: Object.assign(watchdog, { name, store, folder }),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What comes to /runway, at one vendor by either arm. */
async function addRelay(sql: Sql, url: string): Promise<void> {
  await addProvider(sql, 'runway', url, { dialect: 'runway' });
  await addSplit(sql, {
    ...{ key: 'RUNWAY_WEIGHTS', slug: 'runway', kind: 'relay', hasJobs: true, prefixes: ['/runway'] },
    ...{ arms: { old: ['runway', null], new: ['runway', null] }, weights: { old: 0.9, new: 0.1 } },
  });
}

type AtEnd = <T>(made: T, end: (made: T) => unknown) => T;

async function restartable(
  launch: () => Promise<BundleProcess>,
  atEnd: AtEnd,
): Promise<Omit<Member, 'name' | 'store' | 'folder'>> {
  const member = {
    process: await launch(),
    async kill() {
      await member.process.kill();
    },
    async start() {
      member.process = await launch();
    },
  };
  return atEnd(member, ({ kill }) => kill());
}

/** Until it knows the splits of jobs an order would be refused. */
export async function routed(url: string): Promise<void> {
  const ask = async () => {
    const answer = await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(2000) }).catch(() => null);
    const health = (await answer?.json().catch(() => null)) as Health | null;
    return [health?.splits?.film, health?.splits?.runway];
  };
  const isKnown = (split: NonNullable<Health['splits']>[string] | undefined) =>
    typeof split?.version === 'number' && split.fault === null;
  await eventually(ask, (splits) => splits.every(isKnown), 120_000, 100);
}

interface Health {
  readonly splits?: Readonly<Record<string, { readonly version: number | null; readonly fault: string | null }>>;
}

const urlOf = ({ proxy }: Link) => `http://127.0.0.1:${proxy.port}`;
const portOf = (url: string) => Number(new URL(url).port);
