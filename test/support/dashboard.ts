import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { createSignInLink } from '@/lib/access/sign-in';
import { openAccessAt } from '@/lib/process/build-access';
import { buildIfStale } from '@/scripts/build/build-if-stale';
import { type Sandbox, startSandbox } from '@/scripts/sandbox/start';
import { launchBrowser } from './browser';
import { type TestRollout, testRollout } from './rollout';
import { startTcpProxy, type TcpProxy } from './tcp-proxy';
import { startWebProcess } from './web-process';

const root = fileURLToPath(new URL('../..', import.meta.url));
const adminToken = 'slt-test-admin-token-0123456789abcdef';

export interface TestDashboard {
  readonly url: string;
  readonly rollout: TestRollout;
  readonly sandbox: Sandbox;
  /** Between the web process and its database. */
  readonly network: TcpProxy;
  /** A page of a browser of its own, signed in unless `token` is null. */
  open(path?: string, options?: OpenOptions): Promise<Page>;
  /** The path of a link that signs one browser in, once, as the first start prints it. */
  signInLink(): Promise<string>;
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
  const behind = new URL(rollout.database.url);
  const network = await startTcpProxy({ port: Number(behind.port) });
  behind.hostname = '127.0.0.1';
  behind.port = String(network.port);
  const folder = mkdtempSync(join(tmpdir(), 'sluice-dashboard-'));
  const web = await startWebProcess(root, {
    DATABASE_URL: behind.toString(),
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
  const { url } = web;
  const browser = await launchBrowser();
  const faults: string[] = [];
  return {
    url,
    rollout,
    sandbox,
    network,
    faults,
    async open(path = '/', { token = adminToken, ...options } = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US', ...options });
      // What is waited for comes on a busy machine too; how soon is for the benches to say.
      context.setDefaultTimeout(30_000);
      if (token !== null) await signIn(context.request, url, token);
      const page = takenOver(await context.newPage());
      page.on('pageerror', (error) => faults.push(error.message));
      page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
      await page.goto(url + path);
      return page;
    },
    async signInLink() {
      const access = openAccessAt(rollout.database.url, {
        ...{ supabaseUrl: null, supabaseKey: null },
        ...{ publicUrl: null, allowPrivateWebhooks: false },
      });
      try {
        return await createSignInLink(access.identities, 'admin');
      } finally {
        await access.close();
      }
    },
    async close() {
      await browser.close();
      await web.stop();
      await network.close();
      await sandbox.close();
      await rollout.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const hasReact = () =>
  document.querySelector('script[src^="/_next/"]') === null ||
  Object.keys(document).some((key) => key.startsWith('__reactContainer$'));

/** After a page has gone elsewhere by itself: until what is clicked and typed there is heard. */
export async function arrived(page: Page, at: RegExp): Promise<void> {
  await expect.poll(() => page.url()).toMatch(at);
  await page.waitForLoadState();
  await page.waitForFunction(hasReact);
}

/** What is clicked or typed before React has taken a page over is lost: each load of this page ends when it has. */
function takenOver(page: Page): Page {
  const [goto, reload] = [page.goto.bind(page), page.reload.bind(page)];
  page.goto = async (...words) => {
    const answer = await goto(...words);
    await page.waitForFunction(hasReact);
    return answer;
  };
  page.reload = async (...words) => {
    const answer = await reload(...words);
    await page.waitForFunction(hasReact);
    return answer;
  };
  return page;
}

async function signIn(request: Page['request'], url: string, token: string): Promise<void> {
  const answer = await request.post(`${url}/api/session`, { data: { token } });
  if (!answer.ok()) throw new Error(`Signing in was answered ${answer.status()}: ${await answer.text()}`);
}
