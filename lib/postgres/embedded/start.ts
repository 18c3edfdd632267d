import { existsSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createCluster, readPassword } from './create';
import { freePort, isFree } from './free-port';
import { type Cluster, Hold } from './hold';
import { hasLivingOwner } from './owner';
import { type Postmaster, runningPostmaster } from './pid-file';
import { findPrograms, type Programs } from './programs';
import { run } from './run';
import { runAs } from './run-as';
import { endOfLog, serverLog, whatItSaid } from './server-log';
import { type Settings, writeSettings } from './settings';

export interface EmbeddedOptions {
  /** The cluster's folder; made when it is not there. */
  readonly dir: string;
  /** Exactly this port, or an error that says it is taken. Left out: the last one used, else any free one. */
  readonly port?: number;
  readonly settings?: Settings;
  /** Another Postgres than the one from npm, by its `initdb` and `pg_ctl`. */
  readonly programs?: Programs;
  /** Aborted, nothing is launched any more. */
  readonly signal?: AbortSignal;
}

export interface Embedded {
  /** Superuser's connection string, database `postgres`. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** The cluster's real folder. */
  readonly dir: string;
  /** It ran already, started by another process that still lives: `stop` leaves it alone. */
  readonly adopted: boolean;
  /** Stores what is in memory and ends; when that takes too long, it ends as a crash would, and loses nothing either. */
  stop(withinMs?: number): Promise<void>;
}

/**
 * A real Postgres from npm, loopback only, ended with this process whatever happens to it. Who starts one again gives
 * the hold that it had on the one before.
 */
export async function startEmbedded(options: EmbeddedOptions, hold = new Hold()): Promise<Embedded> {
  const ids = runAs();
  const programs = options.programs ?? (await findPrograms(ids));
  const dir = await createCluster(resolve(options.dir), programs, ids);
  const cluster = { dir, programs, ids };
  try {
    const { server, isOurs } = await running(cluster, options, hold);
    const adopted = !isOurs && !hold.owns(dir) && hasLivingOwner(dir);
    if (adopted) hold.letGo();
    else hold.claim(cluster);
    return describe(cluster, server, hold, adopted);
  } catch (error) {
    // One that goes on without being ready is left to the babysitter.
    if (runningPostmaster(dir) === null) hold.letGo();
    throw error;
  }
}

async function running(cluster: Cluster, options: EmbeddedOptions, hold: Hold) {
  let isOurs = false;
  for (let attempt = 1; ; attempt += 1) {
    const server = await settled(cluster.dir, options.signal);
    if (server !== null) return { server, isOurs };
    const fault = await launch(cluster, options, hold);
    isOurs = fault === null;
    if (attempt >= 4) throw new Error(fault ?? `Postgres in ${cluster.dir} ended as soon as it had started`);
    // Another start may have been faster, or have taken the port in between.
    if (!isOurs) await wait(200 * attempt);
  }
}

function describe({ dir, programs, ids }: Cluster, server: Postmaster, hold: Hold, adopted: boolean): Embedded {
  const url = `postgres://postgres:${readPassword(dir)}@127.0.0.1:${server.port}/postgres`;
  const stop = async (withinMs = 10_000) => {
    if (!hold.owns(dir)) return hold.letGo();
    const seconds = Math.max(1, Math.floor(withinMs / 1000) - 1);
    await run(ids, programs.pgCtl, ['-D', dir, '-m', 'fast', '-w', '-t', String(seconds), 'stop']);
    if (runningPostmaster(dir) !== null) {
      await run(ids, programs.pgCtl, ['-D', dir, '-m', 'immediate', '-w', '-t', '1', 'stop']);
    }
    // One that still runs is left to the babysitter, which sees it off when we are gone.
    if (runningPostmaster(dir) === null) hold.letGo();
  };
  return { url, port: server.port, pid: server.pid, dir, adopted, stop };
}

/** A running server once it is ready; null when there is none, or when the one there was has ended. */
async function settled(dir: string, signal?: AbortSignal): Promise<Postmaster | null> {
  for (let tries = 0; tries < 600; tries += 1) {
    signal?.throwIfAborted();
    const found = runningPostmaster(dir);
    if (found === null || found.status === 'ready' || found.status === 'standby') return found;
    await wait(50);
  }
  throw new Error(`the Postgres in ${dir} has been neither ready nor ended for 30 s: see ${serverLog(dir)}`);
}

async function launch(cluster: Cluster, options: EmbeddedOptions, hold: Hold): Promise<string | null> {
  const { dir, programs, ids } = cluster;
  const pidFile = join(dir, 'postmaster.pid');
  // No server runs here, so a pid file is left over; its number may belong to another program by now.
  if (existsSync(pidFile) && runningPostmaster(dir) === null) rmSync(pidFile, { force: true });
  const port = options.port ?? (await usualPort(dir));
  if (options.port !== undefined && !(await isFree(port))) {
    return `port ${port} of 127.0.0.1 is taken: leave the database's port out to have a free one chosen`;
  }
  writeSettings(dir, port, options.settings ?? {}, ids);
  const log = serverLog(dir);
  if (endOfLog(dir) > 10_000_000) truncateSync(log);
  const from = endOfLog(dir);
  options.signal?.throwIfAborted();
  const start = () => run(ids, programs.pgCtl, ['-D', dir, '-w', '-t', '60', '-l', log, 'start']);
  const { code } = await hold.launch(cluster, start);
  return code === 0 ? null : `Postgres did not start in ${dir}: ${whatItSaid(dir, from)}`;
}

/** The port of the last start when it is still free, so that a connection string that was printed stays true. */
async function usualPort(dir: string): Promise<number> {
  const conf = join(dir, 'sluice.conf');
  const last = existsSync(conf) ? Number(/^port = '(\d+)'/m.exec(readFileSync(conf, 'utf8'))?.[1]) : 0;
  return last > 0 && (await isFree(last)) ? last : freePort();
}
