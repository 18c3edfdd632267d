import { usualSide } from '@/lib/gateway/models/compile-size';
import type { ImageRequest, Params } from '@/lib/gateway/models/image-request';
import { invalid, shown } from '@/lib/http/body/read-fields';

export interface Range {
  readonly least: number;
  readonly most: number;
  readonly step: number;
}

export function isIn({ least, most, step }: Range, value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= most && Number(value) % step === 0;
}

export const longest = { prompt: 32_000, model: 128, user: 256, slug: 64 } as const;

/** What the numbers may be. */
export const ranges = {
  count: { least: 1, most: 10, step: 1 },
  side: { least: 64, most: 8192, step: 1 },
  seed: { least: 0, most: Number.MAX_SAFE_INTEGER, step: 1 },
  steps: { least: 1, most: 500, step: 1 },
  guidance: { least: 0, most: 100 },
  strength: { least: 0, most: 1 },
} as const;
const { count, side, seed, steps, guidance, strength } = ranges;

export const formats = ['png', 'jpeg', 'webp'] as const;

export type Wanted = Omit<ImageRequest, 'requestId' | 'caller'> & {
  readonly user: string | null;
  /** By slug; left out: it says none. */
  readonly split?: string;
};

/** Any half of a pair, lone or not: a quick look for what most texts have none of. */
const surrogate = /[\ud800-\udfff]/;

/** Why a text cannot be passed on to a provider or stored; null when it can. */
export function textFault(value: unknown, most: number): string | null {
  if (typeof value !== 'string') return `is ${shown(value)}; it must be text`;
  if (value.trim() === '') return `is ${value === '' ? 'empty' : 'blank'}; it must say something`;
  if (value.length > most) return `is ${value.length} characters long; it must be at most ${most}`;
  if (value.includes('\0')) return 'contains a NUL character';
  if (surrogate.test(value) && /\p{Surrogate}/u.test(value)) return 'contains half a character (a lone surrogate)';
  return null;
}

/** One side alone does not mean a square. */
export function sizeOf(width: number | undefined, height: number | undefined, aspectRatio: string | undefined) {
  if (aspectRatio !== undefined && (width ?? height) !== undefined) {
    throw invalid([{ pointer: '/aspect_ratio', detail: 'stands beside width and height; say one or the other' }]);
  }
  if (aspectRatio !== undefined) return { aspectRatio };
  if (width === undefined && height === undefined) return {};
  return { width: width ?? usualSide, height: height ?? usualSide };
}

export const declaredName = /^[a-z][a-z0-9_]{0,63}$/;

const isText = (value: unknown, most: number): value is string => textFault(value, most) === null;
const within = ({ least, most }: { readonly least: number; readonly most: number }, value: unknown) =>
  typeof value === 'number' && value >= least && value <= most;

type Rule = 'usual' | 'schema' | ((value: unknown) => boolean);

const isOneValue = (value: unknown) => typeof value !== 'object';

/** How each member is judged here. */
const rules = new Map<string, Rule>([
  ...['prompt', 'model', 'width', 'height', 'n', 'user', 'split'].map((name) => [name, 'usual'] as const),
  // Members that hold others, or that change what the rest may say.
  ...['aspect_ratio', 'image', 'mask', 'loras', 'provider_options'].map((name) => [name, 'schema'] as const),
  // The rules of the schema's `parameters` for those that are one value.
  ['negative_prompt', (value) => isText(value, longest.prompt)],
  ['seed', (value) => isIn(seed, value)],
  ['steps', (value) => isIn(steps, value)],
  ['guidance', (value) => within(guidance, value)],
  ['output_format', (value) => formats.some((each) => each === value)],
  ['strength', (value) => within(strength, value)],
  ['safety', (value) => typeof value === 'boolean'],
]);

/** What nearly every body is, by the schema's own rules; null is the schema's to judge, which has the sentences. */
export function readGood(body: unknown): Wanted | null {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return null;
  const { prompt, model, width, height, n = 1, user, split } = body as Record<string, unknown>;
  const isGood =
    isText(prompt, longest.prompt) &&
    (model === undefined || isText(model, longest.model)) &&
    (user === undefined || isText(user, longest.user)) &&
    (split === undefined || isText(split, longest.slug));
  if (!isGood || !isIn(count, n)) return null;
  if (width !== undefined && !isIn(side, width)) return null;
  if (height !== undefined && !isIn(side, height)) return null;
  const params = simpleParams(body as Record<string, unknown>);
  if (params === null) return null;
  const wanted = {
    prompt,
    model: model as string | undefined,
    ...sizeOf(width, height, undefined),
    n,
    user: (user as string | undefined) ?? null,
    ...(params && { params }),
  };
  return split === undefined ? wanted : { ...wanted, split: split as string };
}

const mostLearnt = 1000;

/** A name that rows may declare is looked at once. */
function ruleOf(name: string): Rule {
  const known = rules.get(name);
  if (known !== undefined) return known;
  if (!declaredName.test(name)) return 'schema';
  if (rules.size < mostLearnt) rules.set(name, isOneValue);
  return isOneValue;
}

/** Parameters of one value each; undefined: there are none, null: not all are good, or so simple. */
function simpleParams(body: Record<string, unknown>): Params | null | undefined {
  let params: Record<string, unknown> | undefined;
  for (const name in body) {
    const rule = ruleOf(name);
    if (rule === 'usual') continue;
    const value = body[name];
    if (rule === 'schema' || !rule(value)) return null;
    params ??= {};
    params[name] = value;
  }
  return params;
}
