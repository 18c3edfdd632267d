import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from '@/lib/config/env';
import { inProcess } from '@/lib/kernel/once-in-process';
import { access, controlPlane, runtime } from '@/lib/process/web';
import { type TestRollout, testRollout } from './rollout';

export const adminToken = 'test-admin-token-0123456789abcdef';
export const cronSecret = 'test-cron-secret-0123456789abcdef';

type RouteModule = Readonly<Record<string, unknown>>;

export interface Call {
  readonly method?: string;
  readonly path: string;
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly raw?: BodyInit;
  readonly version?: number | string | null;
  /** false: nobody is signed in. */
  readonly signedIn?: boolean;
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly signal?: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
  readonly text: string;
}

export interface TestApi {
  readonly rollout: TestRollout;
  call(module: RouteModule, call: Call): Promise<Answer>;
  request(module: RouteModule, call: Call): Promise<Response>;
  close(): Promise<void>;
}

const kept = inProcess();
const places = ['runtime', 'env', 'control', 'access', 'metrics'] as const;

/** The route handlers themselves, on a database of their own: what Next and the front call. */
export async function testApi(
  env: Readonly<Record<string, string>> = {},
  /** How the handlers reach the database, when not directly. */
  reach: (databaseUrl: string) => Promise<string> = async (databaseUrl) => databaseUrl,
): Promise<TestApi> {
  const rollout = await testRollout();
  const databaseUrl = await reach(rollout.database.url);
  const folder = mkdtempSync(join(tmpdir(), 'sluice-api-'));
  for (const place of places) delete kept[place];
  kept.env = parseEnv({
    DATABASE_URL: databaseUrl,
    SLUICE_ADMIN_TOKEN: adminToken,
    CRON_SECRET: cronSecret,
    SLUICE_SANDBOX: '1',
    SLUICE_DATA_DIR: folder,
    SLUICE_RATE_CRON: '1000',
    LOG_LEVEL: 'silent',
    ...env,
  });
  const request: TestApi['request'] = (module, { method = 'GET', path, version, signedIn = true, ...call }) => {
    const isWrite = method !== 'GET';
    const headers = new Headers({ host: '127.0.0.1:3000' });
    if (signedIn) headers.set('authorization', `Bearer ${adminToken}`);
    if (isWrite) headers.set('content-type', 'application/json');
    if (version !== undefined && version !== null)
      headers.set('if-match', typeof version === 'number' ? `"${version}"` : version);
    for (const [name, value] of Object.entries(call.headers ?? {})) {
      if (value === null) headers.delete(name);
      else headers.set(name, value);
    }
    const body = call.raw ?? (call.body === undefined ? undefined : JSON.stringify(call.body));
    const handle = module[method] as (request: Request) => Promise<Response>;
    const signal = call.signal ? { signal: call.signal } : {};
    const streamed = body instanceof ReadableStream ? { duplex: 'half' } : {};
    return handle(
      new Request(`http://127.0.0.1:3000${path}`, {
        method,
        headers,
        ...signal,
        ...streamed,
        ...(body === undefined ? {} : { body }),
      }),
    );
  };
  return {
    rollout,
    request,
    async call(module, call) {
      const response = await request(module, call);
      const text = await response.text();
      const isJson = /json/.test(response.headers.get('content-type') ?? '');
      return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : {} };
    },
    async close() {
      controlPlane().endWatch();
      await access().close();
      await runtime().stop();
      for (const place of places) delete kept[place];
      await rollout.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
