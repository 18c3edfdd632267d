import { z } from 'zod';
import type { Fields, Params } from '@/lib/gateway/models/image-request';
import { inputImageFault } from '@/lib/gateway/models/input-image';
import { invalid, judged, shown, whole } from '@/lib/http/body/read-fields';
import { isObject } from '@/lib/kernel/json-text';
import { integer, number, text } from './members';
import { declaredName, formats, longest, ranges, sizeOf, textFault, type Wanted } from './plain-request';

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
  prompt: text(longest.prompt),
  model: text(longest.model).optional(),
  n: integer(ranges.count),
  side: integer(ranges.side),
  user: text(longest.user).optional(),
  split: text(longest.slug).optional(),
  image,
};

/** What every model's row knows by these names. */
export const parameters = {
  negative_prompt: text(longest.prompt).optional(),
  seed: integer(ranges.seed).optional(),
  steps: integer(ranges.steps).optional(),
  guidance: number(ranges.guidance).optional(),
  output_format: z
    .enum(formats, { error: ({ input }) => `is ${shown(input)}; it must be png, jpeg or webp` })
    .optional(),
  image: z.union([image, z.array(image).min(1).max(16)], { error: imageListFault }).optional(),
  mask: image.optional(),
  strength: number(ranges.strength).optional(),
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
