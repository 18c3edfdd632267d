import { z } from 'zod';
import { usualSide } from '@/lib/gateway/models/compile-size';
import type { Fields, ImageRequest, Params } from '@/lib/gateway/models/image-request';
import { inputImageFault } from '@/lib/gateway/models/input-image';
import { invalid, judged, parse, shown, whole } from '@/lib/http/body/read-fields';
import { isObject } from '@/lib/kernel/json-text';
import { integer, isIn, number, type Range, text, textFault } from './members';

export const longestPrompt = 32_000;
const longestModel = 128;
const longestUser = 256;
const longestSlug = 64;
const count: Range = { least: 1, most: 10, step: 1 };
const side: Range = { least: 64, most: 8192, step: 1 };
const seed: Range = { least: 0, most: Number.MAX_SAFE_INTEGER, step: 1 };
const steps: Range = { least: 1, most: 500, step: 1 };
const guidance = { least: 0, most: 100 };
const strength = { least: 0, most: 1 };
const formats = ['png', 'jpeg', 'webp'] as const;

export type Wanted = Omit<ImageRequest, 'requestId' | 'caller'> & {
  readonly user: string | null;
  /** By slug; left out: it says none. */
  readonly split?: string;
};

const image = judged<string>(inputImageFault, {
  type: 'string',
  description: 'an https URL, or data:image/png;base64,…',
});
const ratio = judged<string>(
  (value) =>
    typeof value === 'string' && /^[1-9]\d?:[1-9]\d?$/.test(value)
      ? null
      : `is ${shown(value)}; it must be like "16:9"`,
  { type: 'string', pattern: '^[1-9][0-9]?:[1-9][0-9]?$' },
);
const lora = z.strictObject({
  model: judged<string>(loraFault, { type: 'string', description: "an https URL, or the provider's own id" }),
  scale: number({ least: -10, most: 10 }).optional(),
});
const options = judged<Readonly<Record<string, Fields>>>(
  (value) =>
    isObject(value) && Object.values(value).every(isObject) ? null : `must be an object of objects, by provider`,
  { type: 'object', additionalProperties: { type: 'object' } },
);

function loraFault(value: unknown): string | null {
  const fault = textFault(value, 512);
  if (fault !== null) return fault;
  return /^(?:https:\/\/|[\w][\w.-]*[:/@][\w./@:-]+$)/.test(String(value)) &&
    !/^(?:file|http|ftp|data):/i.test(String(value))
    ? null
    : `is ${shown(value)}; it must be an https URL or the provider's own id`;
}

export const members = {
  prompt: text(longestPrompt),
  model: text(longestModel).optional(),
  n: integer(count),
  side: integer(side),
  user: text(longestUser).optional(),
  split: text(longestSlug).optional(),
  image,
};

/** What every model's row knows by these names. */
export const parameters = {
  negative_prompt: text(longestPrompt).optional(),
  seed: integer(seed).optional(),
  steps: integer(steps).optional(),
  guidance: number(guidance).optional(),
  output_format: z
    .enum(formats, { error: ({ input }) => `is ${shown(input)}; it must be png, jpeg or webp` })
    .optional(),
  image: z.union([image, z.array(image).min(1).max(16)], { error: imageListFault }).optional(),
  mask: image.optional(),
  strength: number(strength).optional(),
  loras: z.array(lora).min(1).max(20).optional(),
  safety: z.boolean({ error: ({ input }) => `is ${shown(input)}; it must be true or false` }).optional(),
};

function imageListFault({ input }: { readonly input?: unknown }): string {
  const given: readonly unknown[] = Array.isArray(input) ? input : [input];
  if (given.length === 0 || given.length > 16) return 'must be one image, or a list of at most 16';
  return given.map(inputImageFault).find((fault) => fault !== null) ?? 'is no image';
}

/** A parameter that only some models have; their rows say what it may be. */
const declared = judged<unknown>(
  (value) =>
    ['string', 'number', 'boolean'].includes(typeof value) || Array.isArray(value) || isObject(value)
      ? null
      : `is ${shown(value)}, which says nothing`,
  { description: 'a parameter that the row of the model declares' },
);
const declaredName = /^[a-z][a-z0-9_]{0,63}$/;

export const generateBody = z
  .object(
    {
      prompt: members.prompt.optional(),
      model: members.model,
      width: members.side.optional(),
      height: members.side.optional(),
      aspect_ratio: ratio.optional(),
      n: members.n.default(1),
      ...parameters,
      provider_options: options.optional(),
      user: members.user,
      split: members.split,
    },
    whole,
  )
  .catchall(declared);

export function readGenerate(body: unknown): Wanted {
  return readGood(body) ?? wantedOf(parse(generateBody, body));
}

export function wantedOf(parsed: z.output<typeof generateBody>): Wanted {
  const { prompt, model, width, height, aspect_ratio, n, user, split, provider_options, ...rest } = parsed;
  const sized = sizeOf(width, height, aspect_ratio);
  const params = paramsOf(rest);
  if (prompt === undefined && params?.image === undefined) {
    throw invalid([{ pointer: '/prompt', detail: 'is missing; it must be text' }]);
  }
  return {
    ...{ prompt: prompt ?? null, model, n, user: user ?? null },
    ...sized,
    ...(params && { params }),
    ...(provider_options && { options: provider_options }),
    ...(split === undefined ? {} : { split }),
  };
}

/** One side alone does not mean a square. */
function sizeOf(width: number | undefined, height: number | undefined, aspectRatio: string | undefined) {
  if (aspectRatio !== undefined && (width ?? height) !== undefined) {
    throw invalid([{ pointer: '/aspect_ratio', detail: 'stands beside width and height; say one or the other' }]);
  }
  if (aspectRatio !== undefined) return { aspectRatio };
  if (width === undefined && height === undefined) return {};
  return { width: width ?? usualSide, height: height ?? usualSide };
}

/** Without those that say nothing; a name that no row can have is refused here. */
export function paramsOf(rest: Readonly<Record<string, unknown>>): Params | undefined {
  const params: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(rest)) {
    if (value === undefined) continue;
    if (!declaredName.test(name)) {
      throw invalid([{ pointer: `/${name.slice(0, 32)}`, detail: `is not known here (${name.slice(0, 32)})` }]);
    }
    params[name] = name === 'image' && !Array.isArray(value) ? [value] : value;
  }
  return Object.keys(params).length > 0 ? params : undefined;
}

const isText = (value: unknown, longest: number): value is string => textFault(value, longest) === null;
const within = ({ least, most }: { readonly least: number; readonly most: number }, value: unknown) =>
  typeof value === 'number' && value >= least && value <= most;

type Rule = 'usual' | 'schema' | ((value: unknown) => boolean);

const isOneValue = (value: unknown) => typeof value !== 'object';

/** How each member is judged here. */
const rules = new Map<string, Rule>([
  ...['prompt', 'model', 'width', 'height', 'n', 'user', 'split'].map((name) => [name, 'usual'] as const),
  // Members that hold others, or that change what the rest may say.
  ...['aspect_ratio', 'image', 'mask', 'loras', 'provider_options'].map((name) => [name, 'schema'] as const),
  // The rules of `parameters` for those that are one value.
  ['negative_prompt', (value) => isText(value, longestPrompt)],
  ['seed', (value) => isIn(seed, value)],
  ['steps', (value) => isIn(steps, value)],
  ['guidance', (value) => within(guidance, value)],
  ['output_format', (value) => formats.some((each) => each === value)],
  ['strength', (value) => within(strength, value)],
  ['safety', (value) => typeof value === 'boolean'],
]);

/** What nearly every body is, by the schema's own rules; null is the schema's to judge, which has the sentences. */
function readGood(body: unknown): Wanted | null {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return null;
  const { prompt, model, width, height, n = 1, user, split } = body as Record<string, unknown>;
  const isGood =
    isText(prompt, longestPrompt) &&
    (model === undefined || isText(model, longestModel)) &&
    (user === undefined || isText(user, longestUser)) &&
    (split === undefined || isText(split, longestSlug));
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
