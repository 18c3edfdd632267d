import { z } from 'zod';
import type { ImageRequest } from '@/lib/gateway/providers/provider';
import { invalid, judged, parse, shown, whole } from '@/lib/http/body/read-fields';

export const longestPrompt = 3000;
const longestModel = 128;
const longestUser = 256;
const longestSlug = 64;
const count: Range = { least: 1, most: 4, step: 1 };
const side: Range = { least: 128, most: 2048, step: 64 };
const usual = { side: 1024, n: 1 };

export type Wanted = Omit<ImageRequest, 'requestId'> & {
  readonly user: string | null;
  /** By slug; left out: it says none. */
  readonly split?: string;
};

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

const text = (longest: number) =>
  judged<string>((value) => textFault(value, longest), { type: 'string', minLength: 1, maxLength: longest });

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
  return judged<number>((value) => (isIn(range, value) ? null : `is ${shown(value)}; it must be ${rule}`), {
    ...{ type: 'integer', minimum: least, maximum: most, multipleOf: step },
  });
}

export const members = {
  prompt: text(longestPrompt),
  model: text(longestModel).optional(),
  n: integer(count),
  side: integer(side),
  user: text(longestUser).optional(),
  split: text(longestSlug).optional(),
};

export const generateBody = z.strictObject(
  {
    prompt: members.prompt,
    model: members.model,
    width: members.side.default(usual.side),
    height: members.side.default(usual.side),
    n: members.n.default(usual.n),
    user: members.user,
    split: members.split,
  },
  whole,
);

type ModelFault = (model: string | undefined) => string | null;

export function readGenerate(body: unknown): Wanted {
  return readGood(body) ?? readAny(body);
}

function readAny(body: unknown): Wanted {
  const { user, split, ...wanted } = parse(generateBody, body);
  return { ...wanted, user: user ?? null, ...(split === undefined ? {} : { split }) };
}

const known: ReadonlySet<string> = new Set(Object.keys(generateBody.shape));

/** What nearly every body is, by the schema's own rules; null is the schema's to judge, which has the sentences. */
function readGood(body: unknown): Wanted | null {
  if (typeof body !== 'object' || body === null) return null;
  for (const key in body) if (!known.has(key)) return null;
  const { prompt, model, width = usual.side, height = usual.side, n = usual.n, user } = body as Record<string, unknown>;
  const { split } = body as Record<string, unknown>;
  const isGood =
    isText(prompt, longestPrompt) &&
    (model === undefined || isText(model, longestModel)) &&
    (user === undefined || isText(user, longestUser)) &&
    (split === undefined || isText(split, longestSlug));
  if (!isGood || !isIn(side, width) || !isIn(side, height) || !isIn(count, n)) return null;
  const wanted = {
    prompt,
    model: model as string | undefined,
    width,
    height,
    n,
    user: (user as string | undefined) ?? null,
  };
  return split === undefined ? wanted : { ...wanted, split: split as string };
}

const isText = (value: unknown, longest: number): value is string => textFault(value, longest) === null;

export function refuseModel(model: string | undefined, modelFault: ModelFault): void {
  const sentence = modelFault(model);
  if (sentence) throw invalid([{ pointer: '/model', detail: sentence }]);
}
