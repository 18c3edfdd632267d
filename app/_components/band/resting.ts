import type { ProviderView, Snapshot } from '@/lib/api/snapshot';
import { judgedBy } from '@/lib/split/policy/metrics';
import { candidatesOfPlan, isAtRest, providerOf } from '../state/candidates';
import { healthOf } from '../state/provider-health';

type Rest = { readonly name: 'none' | 'unseen' } | { readonly name: 'instead'; readonly arm: string };

/** What candidates without a share are sent; null where that is not known. */
export function restOf(snapshot: Snapshot): Rest | null {
  const { baseline, providers } = snapshot;
  if (isAtRest(snapshot)) return { name: 'none' };
  if (isAtRest({ ...snapshot, seen_by_all: true })) return { name: 'unseen' };
  const view = providers[providerOf(snapshot, baseline)];
  if (view === undefined || healthOf(view).name !== 'unconfigured') return null;
  const heir = candidatesOfPlan(snapshot).find((arm) => providers[providerOf(snapshot, arm)]?.configured === true);
  return heir === undefined ? null : { name: 'instead', arm: heir };
}

/** Whether why a candidate's requests failed lately is said by what it fell with: they were sent before. */
export function isToldByFall(snapshot: Snapshot, { recent }: ProviderView): boolean {
  const fell = snapshot.story.attempts.at(-1)?.ended;
  // The end of an attempt names no arm.
  if (!fell || fell.value === null || candidatesOfPlan(snapshot).length !== 1) return false;
  const agoMs = Date.parse(snapshot.now) - Date.parse(fell.at);
  return fell.metric === 'failure_rate' && agoMs < recent.window_seconds * 1000;
}

/** What the baseline alone was sent lately; null where what is counted says nothing of how it fares. */
export function baselineRecent(snapshot: Snapshot): (ProviderView['recent'] & { readonly provider: string }) | null {
  const { arms, baseline, providers, red_lines: redLines } = snapshot;
  // A create that went well is no job that does.
  if (judgedBy({ redLines }) === 'job') return null;
  const provider = providerOf(snapshot, baseline);
  const recent = providers[provider]?.recent;
  const isShared = arms.some((arm) => arm.name !== baseline && arm.provider === provider);
  return recent === undefined || isShared ? null : { provider, ...recent };
}
