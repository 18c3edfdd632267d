import type { Env } from '@/lib/config/env';
import type { Log } from '@/lib/config/log';
import { JobCounts } from '@/lib/jobs/job-counts';
import { repeat, systemClock } from '@/lib/kernel/clock';
import { LastingFault } from '@/lib/kernel/lasting-fault';
import { connect } from '@/lib/postgres/connection';
import { FollowAccess } from '@/lib/registry/follow-access';
import { ProviderKeys } from '@/lib/registry/keys/provider-keys';
import { startJobPoller } from '../jobs/start-job-poller';
import { keyParts } from '../provider-settings';
import { WatchedRegistry } from './watched-registry';

const lookEveryMs = 2000;
const stopWithinMs = 1000;

/** A watchdog follows jobs as a web process does, as far as it has the keys: they end also where no web process lives. */
export function followJobs(
  env: Env & { readonly DATABASE_URL: string },
  log: Log,
  onEnd: () => void,
): { stop(): Promise<void> } {
  const pooled = env.SLUICE_POOLED === undefined ? {} : { pooled: env.SLUICE_POOLED };
  const sql = connect(env.DATABASE_URL, { name: 'watchdog jobs', max: 2, silenceMs: 6000, ...pooled });
  const registry = new WatchedRegistry(sql, systemClock);
  const keys = new ProviderKeys(keyParts(env, () => registry.current.providers.map(({ name }) => name)));
  const onChange = ({ keys: sealed }: { keys: Parameters<typeof keys.learn>[0] }) => keys.learn(sealed);
  const access = new FollowAccess({ sql, file: null, log, onChange });
  const look = async () => {
    const { version, isWhole } = await registry.look();
    access.heard(version, isWhole);
  };
  const unread = new LastingFault((error) =>
    log.warn({ err: error }, 'the registry cannot be read; what was known stays'),
  );
  const endLooking = repeat(lookEveryMs, look, unread);
  const known = Promise.all([look(), access.start()]).then(
    () => unread.worked(),
    (error: unknown) => unread.failed(error),
  );
  const counts = new JobCounts();
  const own = { env, log, sql, registry: () => registry.current, keys, isGuest: true, counts, known };
  const poller = startJobPoller({ ...own, onEnd });
  return {
    async stop() {
      endLooking();
      await Promise.all([poller.stop(stopWithinMs), access.stop()]);
      await sql.end({ timeout: 1 }).catch(() => undefined);
    },
  };
}
