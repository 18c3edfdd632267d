import type { Random } from '@/lib/replay/simulate/chance';
import type { Policy } from '@/lib/split/policy/policy';

/** The default policy with windows of five minutes and holds of two: an eighth of the log to read at each judgement. */
export function shortened(usual: Policy): Policy {
  const redLines = usual.redLines.map((line) => ({ ...line, windowSeconds: 300, holdSeconds: 120 }));
  return { ...usual, redLines };
}

/** A policy somebody might save: other limits, holds, steps or rules; always a valid one. */
export function drawPolicy(random: Random, usual: Policy): Policy {
  const oneOf = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const redLines = usual.redLines.map((line) => {
    const holdSeconds = oneOf([line.holdSeconds, line.holdSeconds, line.holdSeconds, 240, 0]);
    if (line.metric === 'p95_latency_ms') return { ...line, holdSeconds, limit: oneOf([8000, 8000, 4000]) };
    if (line.metric === 'cost_per_image') return { ...line, timesBaseline: oneOf([1.2, 1.5]) };
    return { ...line, holdSeconds, limit: oneOf([line.limit, line.limit, 0.1]) };
  });
  const observe = oneOf([1, 1, 0.5]);
  return {
    ...usual,
    stages: usual.stages.map((stage) => ({
      ...stage,
      observeSeconds: stage.observeSeconds === null ? null : stage.observeSeconds * observe,
    })),
    redLines: redLines.slice(0, oneOf([4, 4, 3])),
    evidence: oneOf(['confirmed', 'confirmed', 'observed'] as const),
    minRequests: oneOf([150, 20, 1000]),
    autoAdvance: random() < 0.3,
  };
}
