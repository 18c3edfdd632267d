import type { Sql } from '@/lib/postgres/sql';

/**
 * Takes settings out of a pool that exists and lets it prepare nothing. The driver reads `options.connection` for each
 * new connection and `options.prepare` for each query, so that both hold from the next one on.
 */
export function dropSettings({ options }: Sql, names: readonly string[]): void {
  const settings = options.connection as unknown as Record<string, string>;
  for (const name of names) delete settings[name];
  Object.assign(options, { prepare: false });
}
