import type { Env } from '@/lib/config/env';
import type { Log } from '@/lib/config/log';
import { alertStore } from '@/lib/control/alerts/alert-store';
import type { JobCounts } from '@/lib/jobs/job-counts';
import { tellBlocked, tellUntracked } from '@/lib/jobs/poll/blocked-alerts';
import { JobProviders } from '@/lib/jobs/poll/job-providers';
import { polledStore } from '@/lib/jobs/poll/job-store';
import { JobPoller } from '@/lib/jobs/poll/poll-jobs';
import { repeat, startDeadline, systemClock } from '@/lib/kernel/clock';
import type { Sql } from '@/lib/postgres/sql';
import type { ProviderKeys } from '@/lib/registry/keys/provider-keys';
import type { Registry } from '@/lib/registry/registry';
import { warnOnce } from '../background';
import { storeCalls } from '../store-calls';
import { jobPlaces } from './job-places';

const tellEveryMs = 5000;

interface PollerParts {
  readonly env: Env;
  readonly log: Log;
  readonly sql: Sql;
  readonly registry: () => Pick<Registry, 'providers' | 'dialects'>;
  readonly keys: ProviderKeys;
  readonly isGuest: boolean;
  readonly counts: JobCounts;
  /** Before keys and providers are known, every job would look as if this process could not ask for it. */
  readonly known: Promise<unknown>;
  /** Jobs may have ended, and their callers be waiting to be told. */
  readonly onEnd: () => void;
}

interface StartedPoller {
  /** Something is due now. */
  wake(): void;
  /** Gives back what it holds; asked again, it is the same end. */
  stop(withinMs: number): Promise<void>;
}

/** The jobs of all processes are followed by each that has a database; the store deals them out. */
export function startJobPoller(parts: PollerParts): StartedPoller {
  const { env, log, sql, registry, keys, isGuest, counts, known, onEnd } = parts;
  const places = jobPlaces({ env, registry, keys, isGuest });
  const store = storeCalls(polledStore(sql), { sql });
  const poller = new JobPoller({
    store: {
      lease: (ask) => store.lease(ask),
      async settle(seen) {
        const settled = await store.settle(seen);
        if (seen.some(({ due_ms }) => due_ms === null)) onEnd();
        return settled;
      },
    },
    providers: new JobProviders(places, systemClock.monotonic),
    counts,
    monotonic: systemClock.monotonic,
    random: Math.random,
    startDeadline,
    fault: warnOnce(log, 'following jobs'),
    warn: (fields, sentence) => log.warn(fields, sentence),
  });
  void known.then(() => poller.start());
  const alerts = alertStore(sql);
  const tell = async () => {
    await tellBlocked(sql, alerts);
    await tellUntracked(sql, alerts);
  };
  const endTelling = repeat(tellEveryMs, tell, warnOnce(log, 'looking for blocked jobs'));
  let stopping: Promise<void> | null = null;
  return {
    wake: () => poller.wake(),
    stop(withinMs) {
      endTelling();
      stopping ??= poller.stop(withinMs);
      return stopping;
    },
  };
}
