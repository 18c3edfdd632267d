import type { ProviderView, Snapshot } from '@/lib/api/snapshot';
import type { IconName } from '../ui/icon';
import type { Tone } from './condition';

interface ProviderHealth {
  readonly name: 'ok' | 'notOk' | 'unconfigured' | 'unprobed' | 'failsRequests';
  readonly tone: Tone;
  readonly icon: IconName;
}

/** The worse of what its probe and its requests say. One that has not been asked yet is unknown, not failing. */
export function healthOf({ configured, ok, error, latency_ms, recent }: ProviderView): ProviderHealth {
  // Where no process says anything, nobody knows whether it has a key.
  if (/^no instance/.test(error ?? '')) return { name: 'unprobed', tone: 'unknown', icon: 'clock' };
  if (!configured) return { name: 'unconfigured', tone: 'caution', icon: 'dash' };
  if (ok && failsMany(recent, 0.25)) return { name: 'failsRequests', tone: 'breach', icon: 'alert' };
  if (ok && failsMany(recent, 0.1)) return { name: 'failsRequests', tone: 'caution', icon: 'alert' };
  if (ok) return { name: 'ok', tone: 'well', icon: 'check' };
  if (latency_ms === null && /^not probed/.test(error ?? ''))
    return { name: 'unprobed', tone: 'unknown', icon: 'clock' };
  return { name: 'notOk', tone: 'breach', icon: 'alert' };
}

/** Of at least ten requests: a probe that is answered does not make that well. */
function failsMany({ requests, failures }: ProviderView['recent'], share: number): boolean {
  return requests >= 10 && failures / requests >= share;
}

/** Those that answer for this split's arms, each once: another split's trouble is no news of this one. */
export function ownProviders({ arms, providers }: Pick<Snapshot, 'arms' | 'providers'>) {
  const own = new Set(arms.map(({ provider }) => provider));
  return Object.entries(providers).filter(([name]) => own.has(name));
}
