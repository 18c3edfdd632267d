import { z } from 'zod';
import type { ImageRequest } from '@/lib/gateway/providers/provider';
import { Problem } from '@/lib/http/problem';

export const longestPrompt = 3000;
const longestModel = 128;
const longestUser = 256;
const count: Range = { least: 1, most: 4, step: 1 };
const side: Range = { least: 128, most: 2048, step: 64 };
const usual = { side: 1024, n: 1 };

export type Wanted = Omit<ImageRequest, 'requestId'> & { readonly user: string | null };

/** What a value looks like in a sentence: at most 64 characters of it. */
export function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 64 ? `${text.slice(0, 63)}…` : text;
}

/** Any half of a pair, lone or not: a quick look for what most texts have none of. */
const surrogate = /[\ud800-\udfff]/;

/** Why a text cannot be passed on to a provider or stored; null when it can. */
export function textFault(value: unknown, longest: number): string | null {
  if (typeof value !== 'string') return `is ${shown(value)}; it must be text`;
  if (value.trim() === '') return `is ${value === '' ? 'empty' : 'blank'}; it must say something`;
  if (value.length > longest) return `is ${value.length} characters long; it must be at most ${longest}`;
  if (value.includes('\0')) return 'contains a NUL character';
  if (surrogate.test(value) && /\p{Surrogate}/u.test(value)) return 'contains half a character (a lone surrogate)';
  return null;
}

function text(longest: number) {
  return z
    .custom<string>((value) => textFault(value, longest) === null, {
      error: ({ input }) => textFault(input, longest) ?? '',
    })
    .meta({ type: 'string', minLength: 1, maxLength: longest });
}

interface Range {
  readonly least: number;
  readonly most: number;
  readonly step: number;
}

function isIn({ least, most, step }: Range, value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= most && Number(value) % step === 0;
}

function integer(range: Range) {
  const { least, most, step } = range;
  const rule = `an integer from ${least} to ${most}${step > 1 ? `, a multiple of ${step}` : ''}`;
  return z
    .custom<number>((value) => isIn(range, value), { error: ({ input }) => `is ${shown(input)}; it must be ${rule}` })
    .meta({ type: 'integer', minimum: least, maximum: most, multipleOf: step });
}

export const fields = {
  prompt: text(longestPrompt),
  model: text(longestModel).optional(),
  n: integer(count),
  side: integer(side),
  user: text(longestUser).optional(),
};

/** What is said of a body that is no object. */
export const whole = {
  error: (issue: { readonly code: string; readonly input?: unknown }) =>
    issue.code === 'invalid_type' ? `is ${shown(issue.input)}; it must be a JSON object` : undefined,
};

export const generateBody = z.strictObject(
  {
    prompt: fields.prompt,
    model: fields.model,
    width: fields.side.default(usual.side),
    height: fields.side.default(usual.side),
    n: fields.n.default(usual.n),
    user: fields.user,
  },
  whole,
);

type ModelFault = (model: string | undefined) => string | null;

export function readGenerate(body: unknown, modelFault: ModelFault): Wanted {
  const wanted = readGood(body) ?? readAny(body);
  refuseModel(wanted.model, modelFault);
  return wanted;
}

function readAny(body: unknown): Wanted {
  const { user, ...wanted } = parse(generateBody, body);
  return { ...wanted, user: user ?? null };
}

const known: ReadonlySet<string> = new Set(Object.keys(generateBody.shape));

/** What nearly every body is, by the schema's own rules; null is the schema's to judge, which has the sentences. */
function readGood(body: unknown): Wanted | null {
  if (typeof body !== 'object' || body === null) return null;
  for (const key in body) if (!known.has(key)) return null;
  const { prompt, model, width = usual.side, height = usual.side, n = usual.n, user } = body as Record<string, unknown>;
  const isGood =
    isText(prompt, longestPrompt) &&
    (model === undefined || isText(model, longestModel)) &&
    (user === undefined || isText(user, longestUser));
  if (!isGood || !isIn(side, width) || !isIn(side, height) || !isIn(count, n)) return null;
  return { prompt, model: model as string | undefined, width, height, n, user: (user as string | undefined) ?? null };
}

const isText = (value: unknown, longest: number): value is string => textFault(value, longest) === null;

export function refuseModel(model: string | undefined, modelFault: ModelFault): void {
  const sentence = modelFault(model);
  if (sentence) throw invalid([{ pointer: '/model', detail: sentence }]);
}

/** The parsed body, or one 422 with every fault in it. */
export function parse<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw invalid(
    parsed.error.issues.map((issue) => {
      if (issue.code !== 'unrecognized_keys') return { pointer: pointerOf(issue.path), detail: issue.message };
      const unknown = issue.keys.map((key) => key.slice(0, 32)).join(', ');
      return { pointer: pointerOf([issue.keys[0] ?? '']), detail: `is not known here (${unknown.slice(0, 64)})` };
    }),
  );
}

export function invalid(errors: readonly { pointer: string; detail: string }[]): Problem {
  const [first] = errors;
  const detail = `${first?.pointer === '' ? 'The body' : first?.pointer.slice(1)} ${first?.detail}.`;
  return new Problem(422, 'request-invalid', detail, { errors });
}

function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).slice(0, 32).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
