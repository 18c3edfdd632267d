import { z } from 'zod';
import { excerpt } from '@/lib/kernel/excerpt';
import { fieldFault } from './body/read-body';
import { judged } from './body/read-fields';

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const longestDays = 10;

/** What a query says, by its schema; of a name that is written twice the first counts. A 422 names the first fault. */
export function readQuery<S extends z.ZodObject>(schema: S, query: URLSearchParams): z.output<S> {
  const given = Object.keys(schema.shape).filter((name) => query.has(name));
  const parsed = schema.safeParse(Object.fromEntries(given.map((name) => [name, query.get(name)])));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw fieldFault('query-invalid', String(issue?.path[0]), `${issue?.message}`);
}

const broken = (text: unknown, rule: string) => `is ${JSON.stringify(excerpt(String(text)))}; it ${rule}`;

/** A member that one rule judges; '' is nothing where the rule lets it pass. */
const member = (rule: (text: string) => string | null, description: string) =>
  judged<string>((value) => (typeof value === 'string' ? rule(value) : 'must be text'), {
    ...{ type: 'string', description },
  }).optional();

export type Range = readonly [least: number, most: number];

export function wholeNumberFault(text: string, [least, most]: Range): string | null {
  const value = /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? null : broken(text, `must be a whole number from ${least} to ${most}`);
}

export const wholeNumber = (range: Range, description: string) =>
  member((text) => wholeNumberFault(text, range), description).transform((text) =>
    text === undefined ? undefined : Number(text),
  );

/** An instant as it was written, and when that is. */
interface Instant {
  readonly text: string;
  readonly ms: number;
}

const written = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?$/;
const msOf = (text: string) => (written.test(text) ? Date.parse(text) : Number.NaN);

function instantFault(text: string): string | null {
  if (text === '' || Number.isFinite(msOf(text))) return null;
  return broken(text, 'must be an instant such as 2026-11-21T03:00:00Z');
}

export const instant = (description: string) =>
  member(instantFault, description).transform((text): Instant | undefined =>
    text ? { text, ms: msOf(text) } : undefined,
  );

function secondsOf(text: string): number {
  const [, count = '', unit = ''] = /^([1-9]\d{0,6})([smhd])$/.exec(text) ?? [];
  return Number(count || Number.NaN) * (units[unit] ?? Number.NaN);
}

function windowFault(text: string): string | null {
  const seconds = secondsOf(text);
  if (seconds >= 60 && seconds <= longestDays * 86_400) return null;
  return broken(text, `must be a duration from 1m to ${longestDays}d, such as 6h`);
}

export const between = { from: instant('instant'), to: instant('instant') };

interface Between {
  readonly from?: Instant | undefined;
  readonly to?: Instant | undefined;
}

const notLater = 'must not be later than to';

export function refuseBackwards({ from, to }: Between, context: z.RefinementCtx): void {
  if (from === undefined || to === undefined || from.ms <= to.ms) return;
  context.addIssue({ code: 'custom', path: ['from'], message: broken(from.text, notLater) });
}

/** `window=6h`, or `from` and `to`. */
export const spanOf = (absent: string) => {
  const window = member(windowFault, 'duration such as 1h, 6h, 24h or 10d');
  const windowMs = window.transform((text) => secondsOf(text ?? absent) * 1000);
  return z.object({ window: windowMs, ...between }).superRefine(refuseBackwards);
};

/** A span is judged when it is read, and placed when the database has said what time it is. */
export function placed({ from, to, window }: z.output<ReturnType<typeof spanOf>>, nowMs: number) {
  const toMs = to?.ms ?? nowMs;
  const fromMs = from?.ms ?? toMs - window;
  if (fromMs <= toMs && toMs - fromMs <= longestDays * 86_400_000) return { fromMs, toMs };
  const rule = fromMs > toMs ? notLater : `must be at most ${longestDays} days before to`;
  throw fieldFault('query-invalid', 'from', broken(from?.text ?? '', rule));
}
