import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Env } from '@/lib/config/env';
import type { Log } from '@/lib/config/log';
import { maskedEnv } from '@/lib/config/mask';
import { alertStore } from '@/lib/control/alerts/alert-store';
import { instanceStore } from '@/lib/control/instances/instance-store';
import { tickStore } from '@/lib/control/ticks/tick-store';
import { watchedCallers } from '@/lib/doors/callers';
import { dataPlaneEntries } from '@/lib/doors/data-plane';
import { probeLanes } from '@/lib/gateway/health/probe-providers';
import type { DataPlane } from '@/lib/gateway/request/data-plane';
import { readUserSalt } from '@/lib/gateway/request/user-salt';
import { type WrongCredentials, wrongCredentials } from '@/lib/http/defence/wrong-credentials';
import type { Head } from '@/lib/http/message';
import type { Entry } from '@/lib/http/respond';
import { type Clock, systemClock } from '@/lib/kernel/clock';
import { within } from '@/lib/kernel/within';
import type { Caller } from '@/lib/registry/callers/caller';
import { firstSplit } from '@/lib/split/split-key';
import { type Identity, startBackground } from './background';
import { buildDataPlane } from './build-data-plane';
import { followStore } from './follow-store';
import { storedAccess } from './keys/stored-access';
import { liveRegistry } from './live-registry';
import { warnOfFewFiles } from './open-files';
import { type Connections, openConnections } from './stores';

const letGoWithinMs = 500;

/** What one web process is made of; every door of it uses the same one. */
export interface Runtime {
  readonly env: Env;
  readonly log: Log;
  readonly clock: Clock;
  readonly identity: Identity;
  readonly connections: Connections | null;
  readonly dataPlane: DataPlane;
  readonly wrong: WrongCredentials;
  /** Who sends a request of the data plane. */
  readonly whoCalls: (head: Head) => Caller;
  /** Data-plane routes by path. */
  readonly entries: ReadonlyMap<string, Entry>;
  /** The first read of the weights; later than a request that comes before it. */
  readonly firstRead: Promise<void>;
  /** Whether notifications of the database arrive; null without LISTEN, or before it is known. */
  hearsNotifications(): boolean | null;
  /** From now on `ready` says no, so that a balancer sends nothing more. */
  drain(): void;
  /** Whether a call to a provider runs, or a wait for one. */
  isCalling(): boolean;
  /** Ends the calls that still run: each is answered and recorded with an unknown outcome. */
  cut(): void;
  /** Stores or spools what is left and lets go of everything. */
  stop(): Promise<void>;
}

export function startRuntime(env: Env, log: Log): Runtime {
  log.info({ config: maskedEnv(env), node: process.version, pid: process.pid }, 'starting');
  const connections = openConnections(env);
  if (!connections) log.warn('no DATABASE_URL: routing by the baseline, events stay in the spool');
  const registry = liveRegistry(env, log);
  const access = storedAccess(env, log, registry.takeKeys);
  const followAccess = connections && access.follow(connections);
  const follow = connections && followStore(env, log, connections, registry, () => void followAccess?.read());
  const accessRead = followAccess?.start();
  const wake = follow?.wake ?? (() => null);
  const dataPlane = buildDataPlane({ env, log, connections, registry, wake });
  warnOfFewFiles(env, dataPlane.lanes.size, log);
  registry.onLanes((lanes) => void probeLanes(dataPlane, lanes));
  const identity = identityOf();
  const stores = connections && {
    salt: () => readUserSalt(connections.requests),
    instances: instanceStore(connections.requests),
    alerts: alertStore(connections.requests),
    ticks: tickStore(connections.requests, firstSplit),
  };
  const endBackground = startBackground(dataPlane, stores, identity, log);
  const wrong = wrongCredentials({ perMinute: env.SLUICE_RATE_SIGN_IN, now: systemClock.now, log });
  const whoCalls = watchedCallers(env, wrong, access.callers);
  let isDraining = false;
  return {
    env,
    log,
    clock: systemClock,
    identity,
    connections,
    dataPlane,
    wrong,
    whoCalls,
    entries: dataPlaneEntries({ plane: dataPlane, env, log, whoCalls, isDraining: () => isDraining }),
    firstRead: Promise.all([follow?.firstRead, accessRead]).then(() => undefined),
    hearsNotifications: () => follow?.hears() ?? null,
    drain() {
      isDraining = true;
      dataPlane.events.hurry();
    },
    isCalling: () => dataPlane.generate.calls.size > 0,
    cut() {
      const { calls } = dataPlane.generate;
      if (calls.size > 0) log.warn({ calls: calls.size }, 'cutting off calls that were not over in time');
      calls.cut();
    },
    async stop() {
      isDraining = true;
      endBackground();
      followAccess?.stop();
      await dataPlane.events.close();
      await letGo(() => Promise.all([stores?.instances.leave(identity.id), registry.live.close()]));
      await letGo(() => Promise.all([follow?.stop(), connections?.end()]));
      const { stored, dropped } = dataPlane.events;
      log.info({ stored, dropped, waiting: dataPlane.events.depth() }, 'stopped');
    },
  };
}

/** A frozen store or provider must not keep a process from ending. */
async function letGo(work: () => Promise<unknown> | undefined): Promise<void> {
  await within(letGoWithinMs, Promise.resolve(work())).catch(() => undefined);
}

function identityOf(): Identity {
  const build = process.env.SLUICE_BUILD ?? process.env.VERCEL_GIT_COMMIT_SHA ?? 'dev';
  return { id: randomUUID(), kind: 'web', host: hostname(), pid: process.pid, build, startedAtMs: Date.now() };
}
