import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from '@/lib/config/env';
import { createLog, type Log } from '@/lib/config/log';
import { adapterNames } from '@/lib/gateway/providers/adapters';
import { allowedHosts } from '@/lib/http/defence/addresses';
import { drain } from '@/lib/process/front/drain';
import { createFront } from '@/lib/process/front/front';
import { listen } from '@/lib/process/front/listen';
import type { NextHandler } from '@/lib/process/front/pass-to-next';
import { type Runtime, startRuntime } from '@/lib/process/web-runtime';
import { type Sandbox, startSandbox } from '@/scripts/sandbox/start';

export interface TestDataPlane {
  readonly url: string;
  readonly sandbox: Sandbox;
  readonly runtime: Runtime;
  readonly folder: string;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Ends this web process and starts another on the same data folder. */
  close(options?: { keepFolder?: boolean }): Promise<void>;
}

export interface TestDataPlaneOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Keys that are not set. */
  readonly without?: readonly string[];
  readonly folder?: string;
  readonly next?: NextHandler;
  readonly bodyWithinMs?: number;
  readonly log?: Log;
}

/** A web process of one's own: front, runtime and both sandbox providers, on free ports. */
export async function testDataPlane(options: TestDataPlaneOptions = {}): Promise<TestDataPlane> {
  const sandbox = await startSandbox({ seed: 7 });
  for (const name of adapterNames) sandbox.control(name, { latencyMs: 0 });
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'sluice-web-'));
  const variables: Record<string, string> = {
    SLUICE_SANDBOX: '1',
    FAL_KEY: sandbox.falKey,
    RUNWARE_API_KEY: sandbox.runwareKey,
    FAL_BASE_URL: sandbox.falUrl,
    RUNWARE_BASE_URL: sandbox.runwareUrl,
    SLUICE_DATA_DIR: folder,
    LOG_LEVEL: 'silent',
    ...options.env,
  };
  for (const key of options.without ?? []) delete variables[key];
  const env = parseEnv(variables);
  const log = options.log ?? createLog(env.LOG_LEVEL, {});
  const runtime = startRuntime(env, log, true);
  await runtime.firstRead;
  const front = createFront({
    entries: runtime.entries,
    relays: runtime.relays,
    allowed: allowedHosts(env),
    log,
    trustedHops: 0,
    next: options.next ?? null,
    nextLimitBytes: 16 * 1024,
    ...(options.bodyWithinMs === undefined ? {} : { bodyWithinMs: options.bodyWithinMs }),
  });
  const { port } = await listen(front, 0, '127.0.0.1');
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    sandbox,
    runtime,
    folder,
    post: (path, body, headers = {}) =>
      fetch(url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    async close({ keepFolder = false } = {}) {
      await drain(front, { withinMs: 2000 });
      await runtime.stop();
      await sandbox.close();
      if (!keepFolder) rmSync(folder, { recursive: true, force: true });
    },
  };
}
