import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Env } from '@/lib/config/env';
import type { Log } from '@/lib/config/log';
import { maskedEnv } from '@/lib/config/mask';
import { alertStore } from '@/lib/control/alerts/alert-store';
import { instanceStore } from '@/lib/control/instances/instance-store';
import { tickStore } from '@/lib/control/ticks/tick-store';
import { watchedCallers } from '@/lib/doors/callers';
import { dataPlaneDoors } from '@/lib/doors/data-plane';
import type { RelayDoor } from '@/lib/doors/relay/relay-door';
import { probeLanes } from '@/lib/gateway/health/probe-providers';
import type { DataPlane } from '@/lib/gateway/request/data-plane';
import { readUserSalt } from '@/lib/gateway/request/user-hash';
import { type WrongCredentials, wrongCredentials } from '@/lib/http/defence/wrong-credentials';
import type { Head } from '@/lib/http/message';
import type { Entries } from '@/lib/http/respond';
import type { JobParts } from '@/lib/jobs/create-job';
import { JobCounts } from '@/lib/jobs/job-counts';
import { type Clock, systemClock } from '@/lib/kernel/clock';
import { LastingFault } from '@/lib/kernel/lasting-fault';
import { within } from '@/lib/kernel/within';
import { recorder } from '@/lib/process/metrics/hot-path';
import type { Caller } from '@/lib/registry/callers/caller';
import { firstSplit } from '@/lib/split/split-key';
import { type Identity, startBackground } from './background';
import { buildDataPlane } from './build-data-plane';
import { buildJobs } from './build-jobs';
import { followStore } from './follow-store';
import { buildRelays } from './jobs/build-relays';
import { jobPlaces } from './jobs/job-places';
import { startJobPoller } from './jobs/start-job-poller';
import { storedAccess } from './keys/stored-access';
import { liveRegistry } from './live-registry';
import { warnOfFewFiles } from './open-files';
import { type Outgoing, openOutgoing, outgoingSettings } from './outbox/outgoing';
import { startOutbox } from './outbox/start-outbox';
import { type Connections, openConnections } from './stores';

const letGoWithinMs = 500;
/** Looks at jobs that run may end; what they bring would else be asked for again. */
const drainJobsMs = 1000;

/** What one web process is made of; every door of it uses the same one. */
export interface Runtime {
  readonly env: Env;
  readonly log: Log;
  readonly clock: Clock;
  readonly identity: Identity;
  readonly connections: Connections | null;
  readonly dataPlane: DataPlane;
  readonly jobs: JobParts | null;
  readonly jobCounts: JobCounts;
  /** null without a database. */
  readonly outgoing: Outgoing | null;
  readonly wrong: WrongCredentials;
  /** Who sends a request of the data plane. */
  readonly whoCalls: (head: Head) => Caller;
  /** Data-plane routes by path. */
  readonly entries: Entries;
  /** Relays by the first part of a path; only the front can serve them. */
  readonly relays: RelayDoor;
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

/** `hasFront`: relays are streamed by the front alone, and others are told whether this process has one. */
export function startRuntime(env: Env, log: Log, hasFront = false): Runtime {
  log.info({ config: maskedEnv(env), node: process.version, pid: process.pid }, 'starting');
  const connections = openConnections(env);
  if (!connections) log.warn('no DATABASE_URL: routing by the baseline, events stay in the spool');
  const registry = liveRegistry(env, log);
  const access = storedAccess(env, log, registry.takeKeys);
  const followAccess = connections && access.follow(connections);
  const follow = connections && followStore(env, log, connections, registry, (version) => followAccess?.heard(version));
  const accessRead = followAccess?.start();
  const wake = follow?.wake ?? (() => null);
  const dataPlane = buildDataPlane({ env, log, connections, registry, wake });
  const counts = new JobCounts();
  const jobs = buildJobs({ env, log, connections, gateway: dataPlane.generate, counts, wake: () => poller?.wake() });
  warnOfFewFiles(env, dataPlane.lanes.size, log);
  registry.onLanes((lanes) => void probeLanes(dataPlane, lanes));
  const identity = { ...identityOf(), servesRelays: hasFront };
  const stores = connections && {
    salt: () => readUserSalt(connections.requests),
    instances: instanceStore(connections.requests),
    alerts: alertStore(connections.requests),
    ticks: tickStore(connections.requests, firstSplit),
  };
  const endBackground = startBackground(dataPlane, stores, identity, log);
  const firstRead = Promise.all([follow?.firstRead, accessRead]).then(() => undefined);
  const known = () => registry.splits.registry;
  const own = { env, log, registry: known, keys: registry.keys, isGuest: false, counts, known: firstRead };
  const outgoing = connections && openOutgoing(connections.jobs, outgoingSettings(env));
  const outbox = outgoing && startOutbox(outgoing.deliverer, log);
  const onEnd = () => outbox?.wake();
  const poller = connections && startJobPoller({ ...own, sql: connections.jobs, onEnd });
  const fault = new LastingFault((error) => log.warn({ err: error }, 'letting go of providers failed'));
  const relays =
    connections && jobs && buildRelays({ orders: jobs, sql: connections.jobs, places: jobPlaces(own), fault });
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
    jobs,
    jobCounts: counts,
    outgoing,
    wrong,
    whoCalls,
    ...dataPlaneDoors({
      ...{ plane: dataPlane, jobs, relays, env, log, whoCalls, isDraining: () => isDraining },
      passed: (...what) => recorder().relays.passed(...what),
    }),
    firstRead,
    hearsNotifications: () => follow?.hears() ?? null,
    drain() {
      isDraining = true;
      dataPlane.events.hurry();
      void poller?.stop(drainJobsMs);
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
      jobs?.bindings.stop();
      jobs?.webhooks.stop();
      await letGo(() => Promise.all([poller?.stop(drainJobsMs), relays?.close()]));
      await letGo(() => outbox?.stop(letGoWithinMs));
      await letGo(() => outgoing?.close());
      await dataPlane.events.close();
      await letGo(() => Promise.all([stores?.instances.leave(identity.id), registry.live.close()]));
      await letGo(() => Promise.all([follow?.stop(), followAccess?.stop(), connections?.end()]));
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
