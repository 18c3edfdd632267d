import { readFileSync } from 'node:fs';
import type { Env } from '@/lib/config/env';
import type { Log } from '@/lib/config/log';

/** Database, logs, listeners and Next's own files. */
const spare = 256;

/** Every call holds two connections, the caller's and the provider's: said at the start, before they are missed. */
export function warnOfFewFiles(env: Env, providers: number, log: Log, limits = '/proc/self/limits'): void {
  const limit = openFilesLimit(limits);
  const wanted = 2 * providers * env.SLUICE_PROVIDER_CONNECTIONS + spare;
  if (limit === null || limit >= wanted) return;
  log.warn(
    { limit, wanted },
    `this process may open ${limit} files (ulimit -n); ${wanted} are needed when every connection to every provider ` +
      'is in use. Raise it (LimitNOFILE in systemd) or lower SLUICE_PROVIDER_CONNECTIONS',
  );
}

/** null where the system does not say it this way. */
function openFilesLimit(path: string): number | null {
  try {
    const soft = /^Max open files\s+(\d+)/m.exec(readFileSync(path, 'utf8'))?.[1];
    return soft === undefined ? null : Number(soft);
  } catch {
    return null;
  }
}
