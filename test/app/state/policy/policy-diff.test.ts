import { describe, expect, it } from 'vitest';
import { type PolicyWords, policyChanges } from '@/app/_components/state/policy/policy-diff';
import { anotherLine, anotherStage, unusedMetrics, withBasis } from '@/app/_components/state/policy/policy-rows';
import type { PolicyWire, StageWire } from '@/lib/split/policy/format-policy';
import { formatPolicy } from '@/lib/split/policy/format-policy';
import { defaultPolicy } from '@/lib/split/policy/policy';
import { readPolicyValue } from '@/lib/split/policy/read-policy';

const shipped = formatPolicy(defaultPolicy);
const words: PolicyWords = {
  stage: ({ name, weights, observe }, named) => `${named ? `${name} ` : ''}${weights.runware} ${observe}`,
  line: ({ limit, timesBaseline, window, action = 'rollback' }) => `${limit ?? timesBaseline} ${window} ${action}`,
  metric: (metric) => metric,
  rule: (name) => name,
  value: (_, value) => String(value),
  shares: ({ fal, runware }) => `${fal} ${runware}`,
  other: (name) => name,
};
const changes = (becomes: PolicyWire, was = shipped) => policyChanges(was, becomes, words);
const names = ({ stages }: PolicyWire) => stages.map(({ name }) => name);

describe('what a policy says otherwise', () => {
  it('is nothing where a default is left out or said', () => {
    expect(changes({ ...shipped, sharedCause: 'block', warningTolerance: 0, maxPinned: 0.05 })).toEqual([]);
  });

  it('is told of stages that came, went, were renamed and moved, of lines and of rules', () => {
    const [first, second, ...rest] = shipped.stages as [StageWire, StageWire, ...StageWire[]];
    const renamed = { ...shipped, stages: [{ ...first, name: 'Canary' }, second, ...rest] };
    expect(changes(renamed)).toEqual([
      {
        what: first.name,
        before: `D1 ${first.weights.runware} ${first.observe}`,
        after: `Canary ${first.weights.runware} ${first.observe}`,
      },
    ]);
    const gone = { ...shipped, stages: [second, ...rest] };
    expect(changes(gone)).toEqual([{ what: 'D1', before: expect.any(String), after: null }]);
    expect(changes(shipped, gone)).toEqual([{ what: 'D1', before: null, after: expect.any(String) }]);
    const swapped = { ...shipped, stages: [second, first, ...rest], minRequests: 9 };
    expect(changes(swapped)).toEqual([
      { what: 'stageOrder', before: names(shipped).join(' → '), after: names(swapped).join(' → ') },
      { what: 'minRequests', before: '150', after: '9' },
    ]);
    const [latency, ...others] = shipped.redLines;
    expect(changes({ ...shipped, redLines: others })).toEqual([
      { what: latency?.metric, before: '8000 5m rollback', after: null },
    ]);
  });
});

describe('a row that is added', () => {
  it('is a stage that the rules of a policy take, until there is room for no more', () => {
    let policy = shipped;
    while (policy.stages.length < 6) {
      const { at, stage } = anotherStage(policy);
      policy = { ...policy, stages: policy.stages.toSpliced(at, 0, stage) };
      expect(readPolicyValue(policy)).toMatchObject({ ok: true });
    }
    const short = { ...shipped, stages: shipped.stages.slice(0, 1) };
    expect(anotherStage(short)).toMatchObject({ at: 1, stage: { name: 'D2' } });
  });

  it('is a line of a metric that has none, as it usually is, by either basis', () => {
    const less = { ...shipped, redLines: shipped.redLines.slice(1) };
    const [metric] = unusedMetrics(less);
    expect([metric, unusedMetrics(shipped)]).toEqual(['p95_latency_ms', []]);
    const lines = [anotherLine('p95_latency_ms'), withBasis(anotherLine('cost_per_image'), 'usd')];
    expect(readPolicyValue({ ...shipped, redLines: lines })).toMatchObject({ ok: true });
  });
});
