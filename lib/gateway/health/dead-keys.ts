import type { Lane } from '../request/lane';

/** A provider that lately let our key in for nothing. */
interface DeadKey {
  readonly kind: 'provider_key_dead';
  readonly provider: string;
  readonly detail: string;
  /** Which key: where another stands in its place, it is another trouble. */
  readonly of: string;
}

export function deadKeys(lanes: ReadonlyMap<string, Lane>): DeadKey[] {
  return [...lanes].flatMap(([provider, lane]) => {
    const { keyVersion, keyHint } = lane.origin;
    const refused = refusalOf(lane);
    if (refused === null) return [];
    const detail = `${provider} refuses our key${whichOf(lane)}: ${refused}. Its requests fail over where that is allowed.`;
    return [{ kind: 'provider_key_dead', provider, detail, of: [keyVersion, keyHint].join(' ') } as const];
  });
}

function refusalOf({ probe, traffic, provider }: Lane): string | null {
  if (!provider.configured) return null;
  const isTrafficNewer = traffic !== null && (probe === null || traffic.atMs > probe.atMs);
  if (isTrafficNewer) return traffic.kind === 'auth' ? traffic.error : null;
  return probe?.result.errorKind === 'auth' ? (probe.result.error ?? 'not authorised') : null;
}

/** Enough to find it by: where it comes from, and its last characters, as they are shown where it was stored. */
function whichOf({ origin: { keyVersion, keyHint } }: Lane): string {
  const from = keyVersion === 0 ? 'of the environment' : `version ${keyVersion}`;
  return keyHint ? ` (${from}, ending in "${keyHint}")` : ` (${from})`;
}
