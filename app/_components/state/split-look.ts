import type { SplitItem } from '@/lib/api/splits-view';
import type { VerdictKind } from '@/lib/rule/verdict';
import type { IconName } from '../ui/icon';
import type { Tone } from './condition';
import { verdictLook } from './verdict-look';

type SplitState = 'error' | 'rolled_back' | 'paused' | 'archived' | 'no_weights' | 'at_rest' | 'verdict';

interface SplitLook {
  readonly state: SplitState;
  /** For `verdict`: the worst of the last tick. */
  readonly verdict: VerdictKind | null;
  readonly tone: Tone;
  readonly icon: IconName;
}

/** What a row of the list is about, the most urgent first. */
export function splitLook(split: SplitItem): SplitLook {
  const look = (state: SplitState, tone: Tone, icon: IconName): SplitLook => ({ state, verdict: null, tone, icon });
  if (split.archived_at !== null) return look('archived', 'unknown', 'dash');
  if (split.error !== null) return look('error', 'caution', 'alert');
  if (split.rolled_back) return look('rolled_back', 'breach', 'back');
  if (split.weights === null) return look('no_weights', 'unknown', 'circle');
  if ((split.candidate_share ?? 0) === 0) return look('at_rest', 'unknown', 'circle');
  const verdict = split.worst as VerdictKind | null;
  if (verdict === null) return look('verdict', 'unknown', 'dash');
  const worst = { state: 'verdict', verdict, ...verdictLook(verdict) } as const;
  return worst.tone === 'well' && split.paused ? look('paused', 'caution', 'pause') : worst;
}
