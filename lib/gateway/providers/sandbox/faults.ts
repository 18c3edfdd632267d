import { z } from 'zod';

/** `true` always, or how often. */
const often = z.union([z.boolean(), z.number().min(0).max(1)]).transform(Number);

const milliseconds = z.number().min(0).max(600_000);

/** Fixed, or lognormal by median and 95th percentile. */
const lasting = z.union([milliseconds, z.strictObject({ median: milliseconds, p95: milliseconds })]);

/** What the control endpoint takes; what is left out stays as it is. */
const faultsSchema = z.strictObject({
  latencyMs: lasting,
  /** How often an inference fails with `status` and, in the vendor's words, `kind`. */
  failureRate: z.number().min(0).max(1),
  status: z.number().int().min(400).max(599),
  kind: z.string().max(64).nullable(),
  /** Accepts and never answers. */
  hang: often,
  /** One byte each 200 ms. */
  drip: often,
  /** Breaks off in the middle of the body. */
  truncate: often,
  /** 200 with a page of HTML. */
  html: often,
  /** Resets the connection instead of answering. */
  reset: often,
  /** 200 with an error for our task; Runware adds the first image. */
  partialErrors: often,
  /** 200 without an image. */
  noImage: often,
  rateLimit: z.strictObject({ retryAfter: z.number().min(0).max(3600).nullable(), rate: often.optional() }).nullable(),
  contentPolicyRate: z.number().min(0).max(1),
  /** Every key is wrong. */
  unauthorized: z.boolean(),
  /** No money left: 402 at Runware, 403 at FAL. */
  balance: z.boolean(),
  /** FAL: USD a megapixel. Runware: USD an image. */
  cost: z.number().min(0).max(100),
  /** How many images come, whatever was asked for. */
  images: z.number().int().min(0).max(20).nullable(),
  /** The faults of inferences hit probes too. */
  probes: z.boolean(),
  /** The faults of inferences hit looks at jobs and cancellations too; a create is always an inference. */
  polls: z.boolean(),
  /** From a job's create to its end; null: as long as an answer takes, and its create is answered at once. */
  jobMs: lasting.nullable(),
  /** Makes the job, and answers 502. */
  jobBadGateway: often,
  /** Is made and never ends. */
  jobNeverEnds: often,
  jobFails: often,
  /** Ends well with a link behind which there is nothing. */
  jobDeadLink: often,
  /** Ends well, and what came of it is not known any more. */
  jobGone: often,
  /** Is queued again after it was worked on; what is told of its progress falls. */
  jobGoesBack: often,
  /** Runware: what was made and an error stand in one answer. */
  jobBoth: often,
});

export type Faults = z.output<typeof faultsSchema>;
export type FaultChange = Partial<z.input<typeof faultsSchema>>;

export function healthy(cost: number): Faults {
  return {
    latencyMs: { median: 180, p95: 400 },
    failureRate: 0,
    status: 503,
    kind: null,
    hang: 0,
    drip: 0,
    truncate: 0,
    html: 0,
    reset: 0,
    partialErrors: 0,
    noImage: 0,
    rateLimit: null,
    contentPolicyRate: 0,
    unauthorized: false,
    balance: false,
    cost,
    images: null,
    probes: false,
    polls: false,
    jobMs: null,
    jobBadGateway: 0,
    jobNeverEnds: 0,
    jobFails: 0,
    jobDeadLink: 0,
    jobGone: 0,
    jobGoesBack: 0,
    jobBoth: 0,
  };
}

/** Throws a sentence that names the member and the rule. */
export function changeFaults(before: Faults, change: unknown): Faults {
  const parsed = faultsSchema.partial().safeParse(change);
  if (parsed.success) return { ...before, ...parsed.data };
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'faults'}: ${issue.message}`);
  throw new Error(faults.join('; '));
}
