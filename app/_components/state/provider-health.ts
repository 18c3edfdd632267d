import type { ProviderView, Snapshot } from '@/lib/api/snapshot';
import { callsSay } from '@/lib/split/live-calls';
import type { IconName } from '../ui/icon';
import type { Tone } from './condition';

interface ProviderHealth {
  readonly name: 'ok' | 'notOk' | 'unconfigured' | 'unprobed' | 'failsRequests' | 'tooFew';
  readonly tone: Tone;
  readonly icon: IconName;
}

/** The worse of what its probe and its requests say. One that has not been asked yet is unknown, not failing. */
export function healthOf({ configured, ok, error, latency_ms, recent }: ProviderView): ProviderHealth {
  // Where no process says anything, nobody knows whether it has a key.
  if (/^no instance/.test(error ?? '')) return { name: 'unprobed', tone: 'unknown', icon: 'clock' };
  if (!configured) return { name: 'unconfigured', tone: 'caution', icon: 'dash' };
  if (ok) return healthByCalls(recent);
  if (latency_ms === null && /^not probed/.test(error ?? ''))
    return { name: 'unprobed', tone: 'unknown', icon: 'clock' };
  return { name: 'notOk', tone: 'breach', icon: 'alert' };
}

/** A probe that is answered does not make calls that fail well. */
function healthByCalls(recent: ProviderView['recent']): ProviderHealth {
  const say = callsSay(recent);
  if (say === 'none' || say === 'many') return { name: 'failsRequests', tone: 'breach', icon: 'alert' };
  if (say === 'some') return { name: 'failsRequests', tone: 'caution', icon: 'alert' };
  if (say === 'few') return { name: 'tooFew', tone: 'unknown', icon: 'clock' };
  return { name: 'ok', tone: 'well', icon: 'check' };
}

/** Those that answer for this split's arms, each once: another split's trouble is no news of this one. */
export function ownProviders({ arms, providers }: Pick<Snapshot, 'arms' | 'providers'>) {
  const own = new Set(arms.map(({ provider }) => provider));
  return Object.entries(providers).filter(([name]) => own.has(name));
}
