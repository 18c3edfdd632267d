import type { VerdictKind } from '@/lib/rollout/verdict';
import type { IconName } from '../ui/icon';
import type { Tone } from './condition';

const looks: Record<VerdictKind, { readonly tone: Tone; readonly icon: IconName }> = {
  ok: { tone: 'well', icon: 'check' },
  breach: { tone: 'breach', icon: 'alert' },
  held: { tone: 'breach', icon: 'alert' },
  // No data is grey, never green.
  insufficient: { tone: 'unknown', icon: 'dash' },
  no_traffic: { tone: 'unknown', icon: 'dash' },
  blind: { tone: 'caution', icon: 'eye' },
};

export function verdictLook(verdict: VerdictKind) {
  return looks[verdict];
}
