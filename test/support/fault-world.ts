import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Sandbox, startSandbox } from '@/scripts/sandbox/start';
import type { BundleOptions, BundleProcess } from './bundle-process';
import { startWatchdogProcess } from './watchdog-process';
import { startWebProcess, type WebProcess } from './web-process';

const root = fileURLToPath(new URL('../..', import.meta.url));
const adminToken = 'slt-test-admin-token-0123456789abcdef';
export const cronSecret = 'test-cron-secret-0123456789abcdef';

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
  readonly ms: number;
}

export interface FaultWorld {
  readonly sandbox: Sandbox;
  /** A web process of the world; on a data folder of its own unless one is given. */
  web(databaseUrl: string, more?: WorldOptions): Promise<WorldWeb>;
  watchdog(databaseUrl: string, more?: WorldOptions): Promise<BundleProcess>;
  /** An empty folder that ends with the world. */
  folder(): string;
  /** Done when the world ends, the last one first. */
  atEnd(work: () => unknown): void;
  close(): Promise<void>;
}

export interface WorldOptions extends Partial<BundleOptions> {
  readonly dataDir?: string;
}

export interface WorldWeb extends WebProcess {
  /** As the admin, or as the outside cron under /api/cron. */
  call(
    method: string,
    path: string,
    options?: { body?: unknown; version?: number; headers?: Record<string, string> },
  ): Promise<Answered>;
  /** The version this process routes by. */
  routes(): Promise<number | null>;
}

/** Real processes around a sandbox of both providers; everything ends with the world. */
export async function faultWorld(): Promise<FaultWorld> {
  const sandbox = await startSandbox({ seed: 7 });
  for (const name of ['fal', 'runware'] as const) sandbox.control(name, { latencyMs: 0 });
  const ends: (() => unknown)[] = [];
  const folder = () => {
    const path = mkdtempSync(join(tmpdir(), 'sluice-fault-'));
    ends.push(() => rmSync(path, { recursive: true, force: true }));
    return path;
  };
  return {
    sandbox,
    folder,
    atEnd: (work) => void ends.push(work),
    async web(databaseUrl, { dataDir = folder(), env = {}, ...more } = {}) {
      const all = { DATABASE_URL: databaseUrl, SLUICE_DATA_DIR: dataDir, ...providers(sandbox), ...env };
      const web = await startWebProcess(root, all, more);
      ends.push(() => web.kill());
      return { ...web, call: caller(web.url), routes: () => routed(web.url) };
    },
    async watchdog(databaseUrl, { dataDir = folder(), env = {}, ...more } = {}) {
      const all = { DATABASE_URL: databaseUrl, SLUICE_DATA_DIR: dataDir, ...env };
      const watchdog = await startWatchdogProcess(root, all, more);
      ends.push(() => watchdog.kill());
      return watchdog;
    },
    async close() {
      for (const end of ends.splice(0).reverse()) await end();
      await sandbox.close();
    },
  };
}

/** The ticks that failed, but for those for which a busy machine took longer than a tick of few seconds may. */
export function failedTicks({ output }: Pick<BundleProcess, 'output'>): string[] {
  const failed = output()
    .split('\n')
    .filter((line) => line.includes('a tick failed'));
  return failed.filter((line) => !line.includes('the database did not answer within'));
}

function providers(sandbox: Sandbox): Record<string, string> {
  return {
    SLUICE_ADMIN_TOKEN: adminToken,
    CRON_SECRET: cronSecret,
    SLUICE_RATE_CRON: '0',
    SLUICE_SANDBOX: '1',
    FAL_KEY: sandbox.falKey,
    FAL_BASE_URL: sandbox.falUrl,
    RUNWARE_API_KEY: sandbox.runwareKey,
    RUNWARE_BASE_URL: sandbox.runwareUrl,
  };
}

function caller(url: string): WorldWeb['call'] {
  return async (method, path, { body, version, headers = {} } = {}) => {
    const startedAt = performance.now();
    const token = path.startsWith('/api/cron') ? cronSecret : adminToken;
    const answer = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const ms = Math.round(performance.now() - startedAt);
    const isJson = /json/.test(answer.headers.get('content-type') ?? '');
    return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : { text }, ms };
  };
}

async function routed(url: string): Promise<number | null> {
  const health = (await (await fetch(`${url}/api/health`)).json()) as { weights: { version: number | null } };
  return health.weights.version;
}
