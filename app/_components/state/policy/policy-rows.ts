import {
  candidatesOf,
  formatLine,
  type PolicyWire,
  type RedLineWire,
  type StageWire,
} from '@/lib/split/policy/format-policy';
import { judgedBy, type Metric, metricsOf } from '@/lib/split/policy/metrics';
import { usualLines } from '@/lib/split/policy/red-lines';

const exact = (value: number) => Number(value.toPrecision(12));

/**
 * One more step, where there is room for one: behind the last if that leaves the baseline anything, else before it.
 * Each candidate gets what lies halfway between its neighbours.
 */
export function anotherStage(policy: PolicyWire): { readonly at: number; readonly stage: StageWire } {
  const { stages, rollback, baseline } = policy;
  const last = stages.at(-1);
  const at = last && (last.weights[baseline] ?? 0) > 0 ? stages.length : Math.max(0, stages.length - 1);
  const [before, after] = [stages[at - 1], stages[at]];
  const candidates = candidatesOf(policy);
  const from = before?.weights ?? rollback;
  const rest = exact(candidates.reduce((sum, name) => sum - (from[name] ?? 0), 1));
  const shares = candidates.map((name) => {
    const share = from[name] ?? 0;
    const to = after ? (after.weights[name] ?? 0) : share + rest / candidates.length;
    return [name, exact(Math.round((share + to) * 500) / 1000)] as const;
  });
  const given = shares.reduce((sum, [, share]) => sum + share, 0);
  const none = Object.keys(from).map((name) => [name, 0] as const);
  const weights = Object.fromEntries([...none, [baseline, exact(1 - given)] as const, ...shares]);
  return {
    at,
    stage: {
      name: unusedName(stages, after ? before : undefined),
      weights,
      observe: before?.observe ?? after?.observe ?? '1h',
    },
  };
}

/** The next number behind the last; between D2 and D3, D2b. */
function unusedName(stages: readonly StageWire[], between: StageWire | undefined): string {
  const numbers = Array.from({ length: stages.length + 1 }, (_, i) => `D${i + 1}`);
  const letters = between ? [...'bcdefghijklm'].map((letter) => `${between.name}${letter}`) : [];
  const name = [...letters, ...numbers].find((each) => stages.every((stage) => stage.name !== each));
  return name ?? `D${stages.length + 1}`;
}

export function unusedMetrics(policy: PolicyWire): readonly Metric[] {
  return metricsOf[judgedBy(policy)].filter((metric) => policy.redLines.every((line) => line.metric !== metric));
}

/** As it is where no policy says otherwise. */
export function anotherLine(metric: Metric): RedLineWire {
  const usual = [...usualLines.image, ...usualLines.job].find((line) => line.metric === metric);
  if (usual === undefined) throw new Error(`There is no usual line of ${metric}.`);
  return formatLine(usual);
}

/** A cost is measured against the baseline's, or in dollars. */
export function withBasis(
  { limit: _limit, timesBaseline: _times, ...line }: RedLineWire,
  basis: 'usd' | 'timesBaseline',
) {
  return basis === 'usd' ? { ...line, limit: 0.01 } : { ...line, timesBaseline: 1.2 };
}
