import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { buildIfStale, bundleFolder } from '@/scripts/build/build-if-stale';
import { type Sandbox, startSandbox } from '@/scripts/sandbox/start';
import { launchBrowser } from './browser';
import { type TestRollout, testRollout } from './rollout';

const root = fileURLToPath(new URL('../..', import.meta.url));
const adminToken = 'slt-test-admin-token-0123456789abcdef';

export interface TestDashboard {
  readonly url: string;
  readonly rollout: TestRollout;
  readonly sandbox: Sandbox;
  /** A page of a browser of its own, signed in unless `token` is null. */
  open(path?: string, options?: OpenOptions): Promise<Page>;
  /** Messages of the browser's console that are errors, and pages that crashed. */
  readonly faults: readonly string[];
  close(): Promise<void>;
}

export interface OpenOptions extends BrowserContextOptions {
  readonly token?: string | null;
}

export interface DashboardOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly weights?: { readonly fal: number; readonly runware: number };
}

/** The real web process on a database of its own, both sandbox providers, and a real browser. */
export async function testDashboard({ env = {}, weights }: DashboardOptions = {}): Promise<TestDashboard> {
  await buildIfStale(root);
  const rollout = await testRollout(weights);
  const sandbox = await startSandbox({ seed: 7 });
  const folder = mkdtempSync(join(tmpdir(), 'sluice-dashboard-'));
  const { child, port } = await startWeb({
    DATABASE_URL: rollout.database.url,
    SLUICE_DATA_DIR: folder,
    SLUICE_ADMIN_TOKEN: adminToken,
    SLUICE_SANDBOX: '1',
    FAL_KEY: sandbox.falKey,
    FAL_BASE_URL: sandbox.falUrl,
    RUNWARE_API_KEY: sandbox.runwareKey,
    RUNWARE_BASE_URL: sandbox.runwareUrl,
    SLUICE_RATE_SIGN_IN: '0',
    ...env,
  });
  const url = `http://127.0.0.1:${port}`;
  const browser = await launchBrowser();
  const faults: string[] = [];
  return {
    url,
    rollout,
    sandbox,
    faults,
    async open(path = '/', { token = adminToken, ...options } = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US', ...options });
      if (token !== null) await signIn(context.request, url, token);
      const page = await context.newPage();
      page.setDefaultTimeout(10_000);
      page.on('pageerror', (error) => faults.push(error.message));
      page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
      await page.goto(url + path);
      return page;
    },
    async close() {
      await browser.close();
      await ended(child);
      await sandbox.close();
      await rollout.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function signIn(request: Page['request'], url: string, token: string): Promise<void> {
  const answer = await request.post(`${url}/api/session`, { data: { token } });
  if (!answer.ok()) throw new Error(`Signing in was answered ${answer.status()}: ${await answer.text()}`);
}

function startWeb(env: Readonly<Record<string, string>>): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(process.execPath, [join(bundleFolder(root), 'web.mjs')], {
    cwd: root,
    env: { PATH: process.env.PATH, NODE_ENV: 'production', PORT: '0', LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4000);
      const port = /"port":(\d+)[^\n]*"msg":"listening"/.exec(output)?.[1];
      if (port) resolve({ child, port: Number(port) });
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => reject(new Error(`The web process ended with ${code}:\n${output}`)));
    process.once('exit', () => child.kill('SIGKILL'));
  });
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
