import type { PolicyWire, RedLineWire, StageWire } from '@/lib/split/policy/format-policy';
import { candidatesOf, usualMaxPinned } from '@/lib/split/policy/format-policy';

const ruleNames = [
  'evidence',
  'sharedCause',
  'warningTolerance',
  'maxPinned',
  'minRequests',
  'baselineCostUsd',
  'autoAdvance',
] as const;

type RuleName = (typeof ruleNames)[number];

/** What a policy says, in the reader's words. */
export interface PolicyWords {
  readonly stage: (stage: StageWire, named: boolean) => string;
  readonly line: (line: RedLineWire) => string;
  readonly metric: (metric: RedLineWire['metric']) => string;
  readonly rule: (name: RuleName) => string;
  readonly value: (name: RuleName, value: unknown) => string;
  readonly shares: (weights: StageWire['weights']) => string;
  readonly other: (name: 'stageOrder' | 'lineOrder' | 'rollback' | 'arms') => string;
}

/** null: there was none, or there is none any more. */
interface PolicyChange {
  readonly what: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What one policy says otherwise than another; nothing where they say the same. */
export function policyChanges(was: PolicyWire, becomes: PolicyWire, words: PolicyWords): readonly PolicyChange[] {
  const arms = (policy: PolicyWire) => [policy.baseline, ...candidatesOf(policy)].join(', ');
  const metrics = ({ redLines }: PolicyWire) => redLines.map(({ metric }) => metric);
  return [
    ...stageChanges(was.stages, becomes.stages, words),
    ...lineChanges(was.redLines, becomes.redLines, words),
    ...reordered(metrics(was), metrics(becomes), words.other('lineOrder'), words.metric),
    ...ruleNames.map((name) => ({
      what: words.rule(name),
      before: words.value(name, saidBy(was, name)),
      after: words.value(name, saidBy(becomes, name)),
    })),
    { what: words.other('rollback'), before: words.shares(was.rollback), after: words.shares(becomes.rollback) },
    { what: words.other('arms'), before: arms(was), after: arms(becomes) },
  ].filter(({ before, after }) => before !== after);
}

/** A member that is left out is shown as its default. */
function saidBy(policy: PolicyWire, name: RuleName): unknown {
  const usual: Partial<Record<RuleName, unknown>> = {
    sharedCause: 'block',
    warningTolerance: 0,
    maxPinned: usualMaxPinned,
  };
  return policy[name] ?? usual[name] ?? null;
}

/** By name; one that is called otherwise and stands where it stood was renamed. */
function stageChanges(was: readonly StageWire[], becomes: readonly StageWire[], words: PolicyWords): PolicyChange[] {
  const has = (list: readonly StageWire[], name: string) => list.some((stage) => stage.name === name);
  const renamedAt = (at: number): StageWire | undefined => {
    const there = was.length === becomes.length ? becomes[at] : undefined;
    return there && !has(was, there.name) ? there : undefined;
  };
  const taken = new Set<string>();
  const changed = was.map((stage, at) => {
    const after = becomes.find(({ name }) => name === stage.name) ?? renamedAt(at);
    if (after) taken.add(after.name);
    const named = after !== undefined && after.name !== stage.name;
    return {
      what: stage.name,
      before: words.stage(stage, named),
      after: after ? words.stage(after, named) : null,
    };
  });
  const added = becomes
    .filter(({ name }) => !taken.has(name))
    .map((stage) => ({ what: stage.name, before: null, after: words.stage(stage, false) }));
  const names = (list: readonly StageWire[]) => list.map(({ name }) => name);
  return [...changed, ...added, ...reordered(names(was), names(becomes), words.other('stageOrder'), (name) => name)];
}

function lineChanges(was: readonly RedLineWire[], becomes: readonly RedLineWire[], words: PolicyWords): PolicyChange[] {
  const metrics = [...new Set([...was, ...becomes].map(({ metric }) => metric))];
  const said = (lines: readonly RedLineWire[], metric: string) => {
    const line = lines.find((each) => each.metric === metric);
    return line ? words.line(line) : null;
  };
  return metrics.map((metric) => ({
    what: words.metric(metric),
    before: said(was, metric),
    after: said(becomes, metric),
  }));
}

/** Only of those that both have: what came or went has been said. */
function reordered<T extends string>(
  was: readonly T[],
  becomes: readonly T[],
  what: string,
  say: (name: T) => string,
): PolicyChange[] {
  const common = (list: readonly T[], other: readonly T[]) => list.filter((name) => other.includes(name)).map(say);
  return [{ what, before: common(was, becomes).join(' → '), after: common(becomes, was).join(' → ') }];
}
