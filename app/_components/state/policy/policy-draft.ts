import { parseDuration } from '@/lib/kernel/duration';
import { isObject } from '@/lib/kernel/json-text';
import {
  candidatesOf,
  type PolicyWire,
  type RedLineWire,
  type StageWire,
  usualMaxPinned,
} from '@/lib/split/policy/format-policy';
import { units } from '@/lib/split/policy/metrics';
import type { Policy } from '@/lib/split/policy/policy';

/** How a limit is written in the form: shares as percent, the rest as it is. */
type LimitUnit = 'ms' | 'percent' | 'timesBaseline' | 'usd';

export function unitOf(line: RedLineWire): LimitUnit {
  if (line.timesBaseline !== undefined) return 'timesBaseline';
  return units[line.metric];
}

// 2.9 / 100 is not 0.029 in binary; twelve digits are more than anyone types.
const exact = (value: number) => Number(value.toPrecision(12));

export function shownLimit(line: RedLineWire): number {
  const value = line.timesBaseline ?? line.limit ?? Number.NaN;
  return unitOf(line) === 'percent' ? exact(value * 100) : value;
}

export function withLimit(line: RedLineWire, shown: number): RedLineWire {
  const unit = unitOf(line);
  if (unit === 'timesBaseline') return { ...line, timesBaseline: shown };
  return { ...line, limit: unit === 'percent' ? exact(shown / 100) : shown };
}

/** What is as it is by default is left out, as in what is stored. */
export function withAction({ action: _was, ...line }: RedLineWire, action: 'rollback' | 'signal'): RedLineWire {
  return action === 'rollback' ? line : { ...line, action };
}

export function withSharedCause(
  { sharedCause: _was, ...policy }: PolicyWire,
  sharedCause: 'block' | 'act',
): PolicyWire {
  return sharedCause === 'block' ? policy : { ...policy, sharedCause };
}

export function withTolerance({ warningTolerance: _was, ...policy }: PolicyWire, percent: number): PolicyWire {
  return percent === 0 ? policy : { ...policy, warningTolerance: exact(percent / 100) };
}

export const shownTolerance = ({ warningTolerance }: PolicyWire): number => exact((warningTolerance ?? 0) * 100);

export function withMaxPinned({ maxPinned: _was, ...policy }: PolicyWire, percent: number): PolicyWire {
  const maxPinned = exact(percent / 100);
  return maxPinned === usualMaxPinned ? policy : { ...policy, maxPinned };
}

export const shownMaxPinned = ({ maxPinned }: PolicyWire): number => exact((maxPinned ?? usualMaxPinned) * 100);

/** The candidate gets the share, other candidates keep theirs, the baseline gets the rest, and every other arm nothing. */
export function withShare(stage: StageWire, policy: PolicyWire, candidate: string, percent: number): StageWire {
  const none = Object.fromEntries(Object.keys(stage.weights).map((provider) => [provider, 0]));
  const shares = Object.fromEntries(candidatesOf(policy).map((name) => [name, stage.weights[name] ?? 0]));
  const candidates = { ...shares, [candidate]: exact(percent / 100) };
  const rest = exact(1 - Object.values(candidates).reduce((sum, share) => sum + share, 0));
  return { ...stage, weights: { ...none, [policy.baseline]: rest, ...candidates } };
}

/** Only what the form itself can see; the API judges the whole. */
export function isComplete(policy: PolicyWire): boolean {
  const durations = [
    ...policy.redLines.flatMap((line) => [line.window, line.hold]),
    ...policy.stages.flatMap((stage) => (stage.observe === null ? [] : [stage.observe])),
  ];
  const numbers = [
    policy.minRequests,
    policy.warningTolerance ?? 0,
    policy.maxPinned ?? usualMaxPinned,
    ...policy.redLines.map(shownLimit),
    ...policy.stages.flatMap((stage) => Object.values(stage.weights)),
    ...(policy.baselineCostUsd === null ? [] : [policy.baselineCostUsd]),
  ];
  return durations.every((text) => parseDuration(text) !== null) && numbers.every(Number.isFinite);
}

/** The draft as the rule reads it; only for one that is complete. */
export function policyOf({ candidate, candidates, ...written }: PolicyWire): Policy {
  const seconds = (text: string) => parseDuration(text) ?? 0;
  return {
    ...written,
    candidates: candidatesOf({ candidate, candidates }),
    sharedCause: written.sharedCause ?? 'block',
    warningTolerance: written.warningTolerance ?? 0,
    maxPinned: written.maxPinned ?? usualMaxPinned,
    stages: written.stages.map(({ name, weights, observe }) => ({
      name,
      weights,
      observeSeconds: observe === null ? null : seconds(observe),
    })),
    redLines: written.redLines.map(({ metric, limit, timesBaseline, window, hold, action }) => ({
      metric,
      limit: limit ?? null,
      timesBaseline: timesBaseline ?? null,
      windowSeconds: seconds(window),
      holdSeconds: seconds(hold),
      action: action ?? 'rollback',
    })),
  };
}

/** The failure rate that n flawless requests still leave possible, at 95 %. */
export const claimOf = (n: number): number => (n > 0 ? 1 - 0.05 ** (1 / n) : 1);

export const sameDraft = (a: PolicyWire, b: PolicyWire): boolean => ordered(a) === ordered(b);

/** What was left out and set again stands elsewhere, and is the same. */
const ordered = (draft: PolicyWire): string =>
  JSON.stringify(draft, (_key, value) => (isObject(value) ? sorted(value) : value));
const sorted = (value: object) => Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
