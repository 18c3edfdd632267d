import { readFileSync } from 'node:fs';
import type { Env } from '@/lib/config/env';
import type { Log } from '@/lib/config/log';

/** Database, logs, listeners and Next's own files. */
const spare = 256;

/** Every call holds two connections, the caller's and the provider's: said at the start, before they are missed. */
export function warnOfFewFiles(env: Env, providers: number, log: Log): void {
  const files = openFiles(env, providers);
  if (files === null || files.limit >= files.wanted) return;
  const { limit, wanted } = files;
  log.warn(
    files,
    `this process may open ${limit} files (ulimit -n); ${wanted} are needed when every connection to every provider ` +
      'is in use. Raise it (LimitNOFILE in systemd) or lower SLUICE_PROVIDER_CONNECTIONS',
  );
}

/** What may be open, and what is needed when every connection to every provider is in use. */
export function openFiles(
  env: Pick<Env, 'SLUICE_PROVIDER_CONNECTIONS'>,
  providers: number,
): { readonly limit: number; readonly wanted: number } | null {
  const limit = openFilesLimit();
  return limit === null ? null : { limit, wanted: 2 * providers * env.SLUICE_PROVIDER_CONNECTIONS + spare };
}

/** null where the system does not say it this way. */
function openFilesLimit(): number | null {
  try {
    const soft = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return soft === undefined ? null : Number(soft);
  } catch {
    return null;
  }
}
