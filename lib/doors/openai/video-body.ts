import { z } from 'zod';
import type { Models } from '@/lib/gateway/models/models';
import { invalid, judged, onlyFields, parse, shown, whole } from '@/lib/http/body/read-fields';
import { Problem } from '@/lib/http/problem';
import type { JobView } from '@/lib/jobs/job-view';
import type { AskedJob } from '../jobs/order-job';
import { members, paramsOf } from '../sluice/generate-request';
import { known, nullish, saidIn, sidesOf, sizeText } from './openai';

/** Names that clients of OpenAI have in their code: they get what the split's arms make. */
const openaiModels = /^sora-[\w.-]+$/;
const longestSeconds = 3600;

/** OpenAI writes it as text. */
const seconds = judged<string | number>(
  (value) => {
    const isText = typeof value === 'string' && /^\d{1,4}(?:\.\d{1,3})?$/.test(value);
    const length = isText || typeof value === 'number' ? Number(value) : Number.NaN;
    return length > 0 && length <= longestSeconds ? null : `is ${shown(value)}; it must be like "8"`;
  },
  { anyOf: [{ type: 'string' }, { type: 'number' }], description: 'how long it is to be' },
);

const reference = z.union(
  [
    z.string().describe('as a file of a form: its bytes; as text: an https URL, or data:image/png;base64,…'),
    z.strictObject({ image_url: z.string() }),
  ],
  { error: ({ input }) => `is ${shown(input)}; it must be a file, or {"image_url": …}; there are no file ids here` },
);

export const videoBody = z
  .object(
    {
      prompt: members.prompt,
      model: nullish(members.model),
      seconds: nullish(seconds),
      size: nullish(sizeText),
      input_reference: nullish(reference),
      user: nullish(members.user),
    },
    whole,
  )
  .catchall(z.unknown());

export const remixBody = onlyFields({ prompt: members.prompt });

/** What of a request in our words OpenAI's clients call otherwise. */
const theirWords: Readonly<Record<string, string>> = {
  ...{ image: 'input_reference', duration: 'seconds', width: 'size', height: 'size' },
};

export function readVideo(body: unknown, models: Models): AskedJob {
  const { prompt, model: named, seconds: length, size, input_reference, user, ...rest } = parse(videoBody, body);
  const said = saidIn(rest);
  for (const [ours, theirs] of [['image', 'input_reference'] as const, ['duration', 'seconds'] as const]) {
    if (said[ours] !== undefined)
      throw invalid([{ pointer: `/${ours}`, detail: `must be said as ${theirs} here, and not as ${ours}` }]);
  }
  const image = typeof input_reference === 'object' ? input_reference.image_url : input_reference;
  if (image !== undefined) said.image = [image];
  if (length !== undefined) said.duration = Number(length);
  const params = paramsOf(parse(known, said));
  const isTheirs = named !== undefined && openaiModels.test(named) && !models.aliases.includes(named);
  return {
    ...{ prompt, model: isTheirs ? undefined : named, named, n: 1, user: user ?? null },
    ...sidesOf(size),
    ...(params && { params }),
  };
}

/** The words of one that was made, with another prompt. */
export function remixOf(made: JobView, prompt: string, split: string | undefined): AskedJob {
  // The price key is ours: the caller never wrote it.
  const { prompt: _, n: _n, price_key: _key, width, height, aspect_ratio, ...rest } = made.request;
  if (/data:image[^,]*,…/.test(JSON.stringify(rest))) {
    const detail =
      'It was made of an image whose bytes are not kept. Create a new video with the image and the new prompt.';
    throw new Problem(422, 'remix-impossible', detail);
  }
  const params = paramsOf(rest);
  return {
    ...{ prompt, model: made.model, n: 1, user: null, remixOf: made.id, keptTo: made.arm },
    ...(typeof width === 'number' && typeof height === 'number' && { width, height }),
    ...(typeof aspect_ratio === 'string' && { aspectRatio: aspect_ratio }),
    ...(params && { params }),
    ...(split !== undefined && { split }),
  };
}

/** The fields of a refusal by the names that the caller wrote. */
export function inVideoWords(error: unknown): unknown {
  if (!(error instanceof Problem) || !error.extra.errors) return error;
  const errors = error.extra.errors.map(({ pointer, detail }) => {
    const [, name = '', ...more] = pointer.split('/');
    const word = Object.hasOwn(theirWords, name) ? theirWords[name] : undefined;
    return { detail, pointer: word === undefined ? pointer : [`/${word}`, ...more].join('/') };
  });
  return new Problem(error.status, error.code, error.message, { ...error.extra, errors });
}
