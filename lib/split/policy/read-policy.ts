import type { z } from 'zod';
import { excerpt } from '@/lib/kernel/excerpt';
import { formatLine } from './format-policy';
import { type Judged, metricsOf } from './metrics';
import { defaultPolicy, type Policy } from './policy';
import { faultsAcross } from './policy-across';
import { metricRules } from './policy-rules';
import { type PolicyInput, policySchema } from './policy-schema';
import { usualLines } from './red-lines';

/**
 * The rules of GEN_ROLLOUT_POLICY, which `sluice.policy_fault` repeats in SQL:
 *  1. at most 16,384 characters of JSON, an object; missing top-level keys take the default, unknown keys are refused
 *  2. baseline and candidate, or up to 7 candidates, are registered providers, and differ
 *  3. 1 to 12 stages; names unique, not baseline, rolled_back or custom; observe is null or 10 s to 90 d
 *  4. weights name baseline and candidates and registered providers only, shares 0..1, sum 1 ± 1e-6
 *  5. the candidate's share rises from stage to stage, and rollback gives it less than the first stage; of several
 *     none falls and one at least rises
 *  6. 1 to 4 red lines, one a metric, all of images or all of jobs as the split is; window 10 s to 24 h, hold 0 s to 24 h; durations in steps of 10 s
 *  7. p95 limit 1..600000 ms, of jobs 1..86400000, three significant digits; rates above 0, below 1, six decimals;
 *     cost either limit (0..100 USD] or timesBaseline (1..100], never both; timesBaseline for cost only
 *  8. evidence confirmed|observed; sharedCause block|act; warningTolerance 0..1; maxPinned 0..1; action of a line rollback|signal;
 *     minRequests 0..1000000; baselineCostUsd null or (0..100]; autoAdvance boolean
 */
export type PolicyReading =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly faults: readonly string[] };

const longest = 16_384;

/** Reads the stored text. `registered` are the providers anyone may name; left out, any well-formed name will do. */
export function readPolicy(
  text: string,
  registered?: readonly string[],
  plan: 'shipped' | 'own' = 'shipped',
): PolicyReading {
  if (text.length > longest)
    return { ok: false, faults: [`the policy is ${text.length} characters long; at most ${longest} are allowed`] };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return {
      ok: false,
      faults: [`the policy ${quote(text)} is not JSON; write an object such as {"minRequests":150}`],
    };
  }
  return readPolicyValue(value, registered, plan);
}

/** The same for a body that is already parsed. `judged`: what the split's lines are about, where that is known. */
export function readPolicyValue(
  value: unknown,
  registered?: readonly string[],
  plan: 'shipped' | 'own' = 'shipped',
  judged: Judged | null = null,
): PolicyReading {
  const unsaid = plan === 'own' ? unsaidOf(value) : [];
  if (unsaid.length > 0) return { ok: false, faults: unsaid };
  const strange = judged === null ? [] : strangeLines(value, judged);
  if (strange.length > 0) return { ok: false, faults: strange };
  const parsed = policySchema.safeParse(judged === 'job' ? withJobLines(value) : value);
  if (!parsed.success) return { ok: false, faults: parsed.error.issues.map((issue) => sentence(issue, value)) };
  const policy = policyOf(parsed.data);
  const faults = faultsAcross(policy, registered);
  return faults.length > 0 ? { ok: false, faults } : { ok: true, policy };
}

/** Lines about what this split's are not. */
function strangeLines(value: unknown, judged: Judged): string[] {
  const lines = (value as { readonly redLines?: unknown } | null | undefined)?.redLines;
  if (!Array.isArray(lines)) return [];
  return lines.flatMap((line: unknown, i) => {
    const metric = (line as { readonly metric?: unknown } | null | undefined)?.metric;
    if (typeof metric !== 'string' || metricsOf[judged].some((name) => name === metric)) return [];
    return `policy.redLines[${i}].metric is ${quote(metric)}; it ${metricRules[judged]}`;
  });
}

/** In what is stored they are always said: how long a job may take is its model's to tell. */
function withJobLines(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || Object.hasOwn(value, 'redLines'))
    return value;
  return { ...value, redLines: usualLines.job.map(formatLine) };
}

/** Only the first split has a plan that it need not write down. */
function unsaidOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const has = (key: string) => Object.hasOwn(value, key) || (key === 'candidate' && Object.hasOwn(value, 'candidates'));
  return ['baseline', 'candidate', 'stages', 'rollback']
    .filter((key) => !has(key))
    .map((key) => `policy.${key} is missing; it must be said: only the first split has a plan by default`);
}

/** Renaming a provider mid-rollout would judge one provider's events as another's. */
export function renameFault(was: Policy, becomes: Policy, stage: string): string | null {
  if (stage === 'baseline' || stage === 'rolled_back') return null;
  if (was.baseline !== becomes.baseline) return renamed('baseline', was.baseline, becomes.baseline, stage);
  const [before, after] = [was, becomes].map(({ candidates }) => [...candidates].sort().join(', '));
  if (before === after) return null;
  const key = was.candidates.length === 1 && becomes.candidates.length === 1 ? 'candidate' : 'candidates';
  return renamed(key, before, after, stage);
}

const renamed = (key: string, was = '', becomes = '', stage = ''): string =>
  `policy.${key} cannot change from "${was}" to "${becomes}" in ${stage}; roll back first`;

function policyOf({ candidate, candidates, ...input }: PolicyInput): Policy {
  return {
    ...input,
    candidates: candidates ?? (candidate === undefined ? defaultPolicy.candidates : [candidate]),
    stages: input.stages.map(({ name, weights, observe }) => ({
      name,
      weights,
      observeSeconds: observe as number | null,
    })),
    redLines: input.redLines.map(({ metric, limit, timesBaseline, window, hold, action }) => ({
      metric,
      limit: limit ?? null,
      timesBaseline: timesBaseline ?? null,
      windowSeconds: window as number,
      holdSeconds: hold as number,
      action: action ?? 'rollback',
    })),
  };
}

function sentence(issue: z.core.$ZodIssue, input: unknown): string {
  const place = issue.path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text}.${excerpt(String(key))}`),
    'policy',
  );
  if (issue.code === 'unrecognized_keys')
    return `${place} has the unknown key ${issue.keys.slice(0, 5).map(quote).join(', ')}; check its spelling`;
  const value = issue.path.reduce<unknown>(
    (at, key) => (at === null || typeof at !== 'object' ? undefined : (at as Record<PropertyKey, unknown>)[key]),
    input,
  );
  if (value === undefined) return `${place} is missing; it ${issue.message}`;
  return `${place} is ${quote(value)}; it ${issue.message}`;
}

function quote(value: unknown): string {
  const text =
    typeof value === 'string' && !value.trimStart().startsWith('{')
      ? `"${value}"`
      : typeof value === 'string'
        ? value
        : JSON.stringify(value);
  return excerpt(text);
}
