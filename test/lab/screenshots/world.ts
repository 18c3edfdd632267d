import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import type { Control } from '@/lib/control/control';
import type { Sql } from '@/lib/postgres/sql';
import { type OpenControl, openControl } from '@/lib/process/open-control';
import { runTick } from '@/lib/watch/run-tick';
import { type Sandbox, startSandbox } from '@/scripts/sandbox/start';
import { launchBrowser } from '@/test/support/browser';
import { startTcpProxy, type TcpProxy } from '@/test/support/tcp-proxy';
import { startWebProcess } from '@/test/support/web-process';
import { withScratchDatabase } from '../bench/scratch-database';
import { startCallers } from './callers';

export const token = 'slt-screenshots-only-0123456789abcdef';
const tickEveryMs = 10_000;

/** The program as it runs, with traffic; what is photographed. */
export interface World {
  readonly url: string;
  readonly sql: Sql;
  readonly sandbox: Sandbox;
  /** Between the web process and its database. */
  readonly network: TcpProxy;
  readonly controls: OpenControl['controls'];
  readonly control: Control;
  readonly browser: Browser;
  tick(): Promise<unknown>;
  /** From here on a request comes each second; called again it changes nothing. */
  startCallers(): void;
}

/** A database of its own, both providers, the built web process behind a network that can be cut, and a watchdog. */
export async function withWorld(root: string, work: (world: World) => Promise<void>): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'sluice-screens-'));
  const sandbox = await startSandbox({ seed: 7 });
  try {
    await withScratchDatabase((sql, url) => serve({ root, dataDir, sandbox, sql, url }, work));
  } finally {
    await sandbox.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

interface Ground {
  readonly root: string;
  readonly dataDir: string;
  readonly sandbox: Sandbox;
  readonly sql: Sql;
  readonly url: string;
}

async function serve({ root, dataDir, sandbox, sql, url }: Ground, work: (world: World) => Promise<void>) {
  const behind = new URL(url);
  const network = await startTcpProxy({ port: Number(behind.port) });
  behind.hostname = '127.0.0.1';
  behind.port = String(network.port);
  const opened = await openControl(url, { name: 'screenshots' });
  const web = await startWebProcess(root, {
    ...{ DATABASE_URL: behind.toString(), SLUICE_DATA_DIR: dataDir, SLUICE_ADMIN_TOKEN: token },
    ...{ SLUICE_SANDBOX: '1', SLUICE_RATE_SIGN_IN: '0' },
    ...{ FAL_KEY: sandbox.falKey, FAL_BASE_URL: sandbox.falUrl },
    ...{ RUNWARE_API_KEY: sandbox.runwareKey, RUNWARE_BASE_URL: sandbox.runwareUrl },
  });
  const browser = await launchBrowser();
  const tick = () => runTick(opened.controls, { by: 'watchdog', intervalSeconds: 10, deadlineMs: 8000 });
  const end = new AbortController();
  const running = [watch(tick, end.signal)];
  const callers = () => running.length === 1 && running.push(startCallers(web.url, end.signal));
  const { controls, control } = opened;
  try {
    await work({ url: web.url, sql, sandbox, network, controls, control, browser, tick, startCallers: callers });
  } finally {
    end.abort();
    await Promise.all(running);
    await browser.close();
    await web.stop();
    await network.close();
    await opened.close();
  }
}

async function watch(tick: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await tick();
    await wait(tickEveryMs, undefined, { signal }).catch(() => undefined);
  }
}
