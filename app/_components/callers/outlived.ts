import type { CallerView } from '@/app/_queries/registry/callers';

type Limits = Pick<CallerView, 'scopes' | 'prefixes' | 'models' | 'quota'>;

/** The limits of what a caller may no longer do with these scopes, as they are taken away. */
export function outlived({ prefixes, models, quota }: Limits, scopes: readonly string[]) {
  const relays = scopes.includes('relay');
  const makes = relays || scopes.includes('generate');
  return {
    ...(prefixes.length > 0 && !relays ? { prefixes: [] } : {}),
    ...(models.length > 0 && !makes ? { models: [] } : {}),
    ...(Object.keys(quota.jobs ?? {}).length > 0 && !makes ? { quota: {} } : {}),
  };
}
