import { randomUUID } from 'node:crypto';
import type { Env } from '@/lib/config/env';
import type { Log } from '@/lib/config/log';
import { simulatesInProcess } from '@/lib/config/preview';
import { WatchdogNews } from '@/lib/control/instances/watchdog-news';
import { imageFetcher } from '@/lib/gateway/providers/fetch-image';
import { fileOpener } from '@/lib/gateway/providers/outward/open-file';
import { sandboxPicture } from '@/lib/gateway/providers/sandbox/in-process';
import { requestFinder } from '@/lib/gateway/reported/request-finder';
import { voucherStore } from '@/lib/gateway/reported/voucher-store';
import type { DataPlane } from '@/lib/gateway/request/data-plane';
import { Deduplicator } from '@/lib/gateway/request/deduplicate';
import { HeldBytes } from '@/lib/gateway/request/held-bytes';
import { idempotencyStore } from '@/lib/gateway/request/idempotency-store';
import { keyJournal } from '@/lib/gateway/request/key-journal';
import { RecentRequests } from '@/lib/gateway/request/recent-requests';
import { UserHash } from '@/lib/gateway/request/user-hash';
import { RunningCalls, startDeadline, systemClock } from '@/lib/kernel/clock';
import { within } from '@/lib/kernel/within';
import { EventQueue } from '@/lib/log/event-queue';
import { eventWriter } from '@/lib/log/event-writer';
import { openSpool } from '@/lib/log/spool/spool';
import { StoreClock } from '@/lib/log/store-clock';
import { readClock } from '@/lib/postgres/read-clock';
import { countEvents, recorder } from '@/lib/process/metrics/hot-path';
import type { LiveRegistry } from './live-registry';
import { retryLater } from './retry-later';
import { storeCalls } from './store-calls';
import { type Connections, inDataDir } from './stores';

const spoolBytes = 256 * 1024 * 1024;
/** Five of the largest images on their way at once, and less than a small machine has. */
const heldBytes = 256 * 1024 * 1024;
/** Two of the largest uploads at once, or two hundred of a usual one. */
const heldRequestBytes = 256 * 1024 * 1024;
/** A claim older than any request can be belongs to a process that died. */
const graceMs = 5000;

interface BuildParts {
  readonly env: Env;
  readonly log: Log;
  readonly connections: Connections | null;
  readonly registry: LiveRegistry;
  readonly wake: () => Promise<void> | null;
}

export function buildDataPlane(parts: BuildParts): DataPlane {
  const { env, log, connections, registry, wake } = parts;
  const { live, splits } = registry;
  const { lanes } = live;
  const events = openQueue(parts);
  return {
    generate: {
      lanes,
      events,
      clock: systemClock,
      startDeadline,
      attemptWithinMs: env.SLUICE_ATTEMPT_TIMEOUT_MS,
      requestWithinMs: env.SLUICE_REQUEST_TIMEOUT_MS,
      queueWithinMs: env.SLUICE_QUEUE_TIMEOUT_MS,
      calls: new RunningCalls(),
      users: new UserHash(),
      addressesForMs: env.SLUICE_EVENT_IMAGE_HOURS * 3_600_000,
    },
    lanes,
    splits,
    weights: splits.first.weights,
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
    fetchImage: simulatesInProcess(env) ? drawnImage : imageFetcher({ allowedOrigins: () => live.origins }),
    openFile: fileOpener({ allowedOrigins: () => live.origins }),
    heldBytes: new HeldBytes(heldBytes),
    heldRequests: new HeldBytes(heldRequestBytes),
    wake,
  };
}

/** No way out to itself: a deployment's protection would stop it. */
async function drawnImage(url: string): Promise<Uint8Array> {
  return Buffer.from(sandboxPicture(url) ?? '');
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
