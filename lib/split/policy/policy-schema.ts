import { z } from 'zod';
import { formatPolicy } from './format-policy';
import { isCost, isJobMetric, isPercentile, metrics } from './metrics';
import { defaultPolicy } from './policy';
import { digitsOf, duration, longestMs, metricRules, providerName, shares } from './policy-rules';

const shipped = formatPolicy(defaultPolicy);

const stage = z.strictObject(
  {
    name: z
      .string({ error: 'must be a name such as "D1"' })
      .regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,31}$/, 'must be 1 to 32 letters, digits, spaces, ".", "_" or "-"')
      .refine(
        (name) => !['baseline', 'rolled_back', 'custom'].includes(name),
        'is the name of a state, not of a stage',
      ),
    weights: shares,
    observe: duration(10, 90 * 86_400).nullable(),
  },
  { error: 'must be an object with name, weights and observe' },
);

const number = (low: number, high: number, rule: string) =>
  z.number({ error: rule }).gt(low, rule).max(high, rule).optional();

const redLine = z.strictObject(
  {
    metric: z.enum(metrics, { error: metricRules.image }),
    limit: number(0, longestMs.job, 'must be a number above 0'),
    timesBaseline: number(1, 100, 'must be a number above 1, at most 100'),
    window: duration(10, 86_400),
    hold: duration(0, 86_400),
    action: z.enum(['rollback', 'signal'], { error: 'must be "rollback" or "signal"' }).optional(),
  },
  { error: 'must be an object with metric, limit or timesBaseline, window and hold' },
);

/** The shape of GEN_ROLLOUT_POLICY; the rules across fields are in `policy.ts`. */
export const policySchema = z
  .strictObject(
    {
      baseline: providerName.default(shipped.baseline),
      candidate: providerName.optional(),
      candidates: z
        .array(providerName, { error: 'must be a list of arms such as ["runware"]' })
        .min(1, 'must name at least one candidate')
        .max(7, 'must name at most 7 candidates')
        .optional(),
      stages: z
        .array(stage, { error: 'must be a list of stages' })
        .min(1, 'must have at least one stage')
        .max(12, 'must have at most 12 stages')
        .prefault(() => structuredClone(shipped.stages) as z.input<typeof stage>[]),
      rollback: shares.default(() => ({ ...shipped.rollback })),
      redLines: z
        .array(redLine.superRefine(checkLimit), { error: 'must be a list of red lines' })
        .min(1, 'must have at least one red line')
        .max(4, 'must have at most one red line for each of the four metrics')
        .prefault(() => structuredClone(shipped.redLines) as z.input<typeof redLine>[]),
      evidence: z.enum(['confirmed', 'observed'], { error: 'must be "confirmed" or "observed"' }).default('confirmed'),
      sharedCause: z.enum(['block', 'act'], { error: 'must be "block" or "act"' }).default('block'),
      warningTolerance: z
        .number({ error: 'must be a share from 0 to 1: a tenth is 0.1' })
        .min(0, 'must be a share from 0 to 1: a tenth is 0.1')
        .max(1, 'must be a share from 0 to 1: a tenth is 0.1')
        .default(0),
      maxPinned: z
        .number({ error: 'must be a share from 0 to 1: a twentieth is 0.05' })
        .min(0, 'must be a share from 0 to 1: a twentieth is 0.05')
        .max(1, 'must be a share from 0 to 1: a twentieth is 0.05')
        .default(defaultPolicy.maxPinned),
      minRequests: z
        .int({ error: 'must be a whole number from 0 to 1000000' })
        .min(0, 'must be a whole number from 0 to 1000000')
        .max(1_000_000, 'must be a whole number from 0 to 1000000')
        .default(shipped.minRequests),
      baselineCostUsd: z
        .number({ error: 'must be null or US dollars above 0, at most 100' })
        .gt(0, 'must be null or US dollars above 0, at most 100')
        .max(100, 'must be null or US dollars above 0, at most 100')
        .nullable()
        .default(null),
      autoAdvance: z.boolean({ error: 'must be true or false' }).default(false),
    },
    { error: 'must be an object such as {"minRequests":150}' },
  )
  .superRefine(({ candidate, candidates }, context) => {
    if (candidate !== undefined && candidates !== undefined)
      context.addIssue({ code: 'custom', path: ['candidates'], message: 'must not stand beside policy.candidate' });
  });

export type PolicyInput = z.infer<typeof policySchema>;

/** Which of the two limits a metric takes, and in which range the counts stay exact. */
function checkLimit(line: z.infer<typeof redLine>, context: z.RefinementCtx): void {
  const fault = (path: 'limit' | 'timesBaseline', message: string) =>
    context.addIssue({ code: 'custom', path: [path], message });
  const { metric, limit, timesBaseline } = line;
  const judged = isJobMetric(metric) ? 'job' : 'image';
  const cost = judged === 'job' ? 'cost_per_unit' : 'cost_per_image';
  if (limit !== undefined && limit > longestMs[judged]) {
    fault('limit', 'must be a number above 0');
    return;
  }
  if (isCost(metric)) {
    if ((limit === undefined) === (timesBaseline === undefined))
      fault('timesBaseline', `must be set for ${metric}, or limit in its place, and not both`);
    if (limit !== undefined && limit > 100) fault('limit', 'must be US dollars above 0, at most 100');
    return;
  }
  if (timesBaseline !== undefined) fault('timesBaseline', `is only for ${cost}; ${metric} takes limit`);
  if (limit === undefined) fault('limit', `must be set for ${metric}`);
  else if (isPercentile(metric)) {
    if (limit < 1 || digitsOf(limit).significant > 3)
      fault(
        'limit',
        `must be 1 to ${longestMs[judged]} ms with at most three significant digits, which is what the bins can count`,
      );
  } else if (limit >= 1 || digitsOf(limit).decimals > 6) {
    fault('limit', 'must be a share above 0 and below 1 with at most six decimals: 2 % is 0.02');
  }
}
