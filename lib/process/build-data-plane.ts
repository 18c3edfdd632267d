import { randomUUID } from 'node:crypto';
import type { Env } from '@/lib/config/env';
import type { Log } from '@/lib/config/log';
import { simulatesInProcess } from '@/lib/config/preview';
import { WatchdogNews } from '@/lib/control/instances/watchdog-news';
import { aliasOf, modelFaults } from '@/lib/gateway/providers/create-providers';
import { imageFetcher } from '@/lib/gateway/providers/fetch-image';
import type { Provider } from '@/lib/gateway/providers/provider';
import { sandboxPicture } from '@/lib/gateway/providers/sandbox/in-process';
import { requestFinder } from '@/lib/gateway/reported/request-finder';
import { voucherStore } from '@/lib/gateway/reported/voucher-store';
import type { DataPlane } from '@/lib/gateway/request/data-plane';
import { Deduplicator } from '@/lib/gateway/request/deduplicate';
import { RunningCalls } from '@/lib/gateway/request/generate';
import { HeldBytes } from '@/lib/gateway/request/held-bytes';
import { idempotencyStore } from '@/lib/gateway/request/idempotency-store';
import { keyJournal } from '@/lib/gateway/request/key-journal';
import { Lane } from '@/lib/gateway/request/lane';
import { RecentRequests } from '@/lib/gateway/request/recent-requests';
import { UserHash } from '@/lib/gateway/request/user-hash';
import type { Names } from '@/lib/gateway/weights/names-reader';
import { WeightsInMemory } from '@/lib/gateway/weights/weights-in-memory';
import { startDeadline, systemClock } from '@/lib/kernel/clock';
import { within } from '@/lib/kernel/within';
import { EventQueue } from '@/lib/log/event-queue';
import { eventWriter } from '@/lib/log/event-writer';
import { openSpool } from '@/lib/log/spool/spool';
import { StoreClock } from '@/lib/log/store-clock';
import { readClock } from '@/lib/postgres/read-clock';
import { countEvents, recorder } from '@/lib/process/metrics/hot-path';
import { defaultPolicy } from '@/lib/split/policy/policy';
import { providerSettings } from './provider-settings';
import { retryLater } from './retry-later';
import { storeCalls } from './store-calls';
import { type Connections, inDataDir } from './stores';

export const split = 'GEN_PROVIDER_WEIGHTS';
const breaker = { threshold: 5, coolMs: 5000 };
const spoolBytes = 256 * 1024 * 1024;
/** Five of the largest images on their way at once, and less than a small machine has. */
const heldBytes = 256 * 1024 * 1024;
/** A claim older than any request can be belongs to a process that died. */
const graceMs = 5000;

interface BuildParts {
  readonly env: Env;
  readonly log: Log;
  readonly connections: Connections | null;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly weights: WeightsInMemory;
  readonly wake: () => Promise<void> | null;
}

export function buildDataPlane(parts: BuildParts): DataPlane {
  const { env, log, connections, providers, weights, wake } = parts;
  const most = env.SLUICE_PROVIDER_CONNECTIONS;
  const lanes = new Map([...providers].map(([name, provider]) => [name, new Lane(provider, breaker, most)]));
  const events = openQueue(parts);
  return {
    generate: {
      weights,
      lanes,
      events,
      clock: systemClock,
      startDeadline,
      attemptWithinMs: env.SLUICE_ATTEMPT_TIMEOUT_MS,
      requestWithinMs: env.SLUICE_REQUEST_TIMEOUT_MS,
      queueWithinMs: env.SLUICE_QUEUE_TIMEOUT_MS,
      calls: new RunningCalls(),
      users: new UserHash(),
      aliasOf,
    },
    lanes,
    weights,
    events,
    watchdog: new WatchdogNews(systemClock.monotonic),
    recent: new RecentRequests(50_000),
    finder: connections && storeCalls(requestFinder(connections.requests), { sql: connections.requests }),
    vouchers: connections && storeCalls(voucherStore(connections.requests), { sql: connections.requests }),
    deduplicator: new Deduplicator({
      store: connections && idempotencyStore(connections.requests),
      journal: env.VERCEL ? null : keyJournal(inDataDir(env, 'idempotency.ndjson'), systemClock.now),
      within,
      later: retryLater(log),
      givenUpAfterMs: env.SLUICE_REQUEST_TIMEOUT_MS + env.SLUICE_QUEUE_TIMEOUT_MS + graceMs,
    }),
    within,
    clock: systemClock,
    storeClock: new StoreClock({ clock: systemClock, ask: connections && readClock(connections.requests), within }),
    isSandbox: env.SLUICE_SANDBOX,
    modelFault: modelFaults(servedBy(providers)),
    fetchImage: simulatesInProcess(env)
      ? drawnImage
      : imageFetcher({ allowedOrigins: Object.values(providerSettings(env)).map(({ baseUrl }) => baseUrl) }),
    heldBytes: new HeldBytes(heldBytes),
    wake,
  };
}

/** What this process routes by; only a provider with a key is assigned anything. */
export function weightsFor(providers: ReadonlyMap<string, Provider>): WeightsInMemory {
  const configured = [...providers.values()].filter((provider) => provider.configured).map(({ name }) => name);
  const constant = { split, configured, random: Math.random };
  return new WeightsInMemory(shippedNames([...providers.keys()]), constant, systemClock.monotonic);
}

/** What is so until the store says otherwise: the shipped policy and the shipped registry. */
function shippedNames(registered: readonly string[]): Names {
  const { baseline, candidates } = defaultPolicy;
  return { baseline, candidates, registered, deprecated: ['runware'] };
}

/** No way out to itself: a deployment's protection would stop it. */
async function drawnImage(url: string): Promise<Uint8Array> {
  return Buffer.from(sandboxPicture(url) ?? '');
}

/** A request must be servable wherever it may be routed to; a provider without a key is not asked. */
function servedBy(providers: ReadonlyMap<string, Provider>): string[] {
  const configured = [...providers.values()].filter((provider) => provider.configured);
  return (configured.length > 0 ? configured : [...providers.values()]).map(({ name }) => name);
}

function openQueue({ env, log, connections }: BuildParts): EventQueue {
  const clocks = { now: systemClock.now, monotonic: systemClock.monotonic, run: randomUUID() };
  return new EventQueue({
    writer: eventWriter(connections?.events ?? null),
    spool: env.VERCEL ? null : openSpool({ folder: inDataDir(env, 'spool'), mostBytes: spoolBytes, ...clocks }),
    monotonic: systemClock.monotonic,
    newId: randomUUID,
    within,
    soon: setImmediate,
    warn: (fields, sentence) => log.warn(fields, sentence),
    observe: countEvents(recorder()),
  });
}
