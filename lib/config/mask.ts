import type { Env } from './env';
import { keyVariables } from './shipped-providers';

const secrets: ReadonlySet<string> = new Set([
  ...keyVariables,
  'SLUICE_SECRET_KEY',
  'CRON_SECRET',
  'SLUICE_ADMIN_TOKEN',
  'SLUICE_API_KEYS',
  'SLUICE_EVENT_KEYS',
  'SLUICE_BACKFILL_KEYS',
  'SUPABASE_PUBLISHABLE_KEY',
]);

/** Enough of a secret to tell two apart, never enough to use one. */
function maskSecret(value: string): string {
  return value.length < 12 ? '****' : `****${value.slice(-4)}`;
}

/** A connection string without its password. */
export function maskUrl(value: string): string {
  // Up to the last @: whatever a password holds, its tail is not shown.
  const hidden = value.replace(/^([a-z]+:\/\/[^:/?#@]*):.*@/is, '$1:****@');
  return hidden.replace(/([?&][^=&]*(?:key|token|secret|password)[^=&]*=)[^&]*/gi, '$1****');
}

/** The configuration as the log may show it. */
export function maskedEnv(env: Env): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(env)
      // The two that DATABASE_URL is read from where it is not set say nothing more.
      .filter(([key, value]) => value !== undefined && !key.startsWith('POSTGRES_URL'))
      .map(([key, value]) => {
        if (key === 'providerKeys') return [key, Object.keys(value as object)];
        if (key === 'DATABASE_URL') return [key, maskUrl(String(value))];
        if (!secrets.has(key)) return [key, value];
        return [key, Array.isArray(value) ? value.map(maskSecret) : maskSecret(String(value))];
      }),
  );
}
