import { z } from 'zod';
import type { openaiAnswer } from '@/lib/api/answers/data-plane';
import type { Models } from '@/lib/gateway/models/models';
import type { DataPlane } from '@/lib/gateway/request/data-plane';
import type { Generated } from '@/lib/gateway/request/ending';
import { judged, parse, shown, whole } from '@/lib/http/body/read-fields';
import { json } from '@/lib/http/respond';
import type { CallerHandler } from '../callers';
import type { Answer } from '../sluice/answer-once';
import { answerHeaders, handleGenerate, type Shape } from '../sluice/generate';
import { problemOf } from '../sluice/generate-problem';
import { members, parameters, paramsOf } from '../sluice/generate-request';
import type { Wanted } from '../sluice/plain-request';
import { readEdit } from './edit-form';
import { hasRoom, withBytes } from './image-bytes';
import { openaiProblem } from './openai-problem';

/** Names that clients of OpenAI have in their code: they get the default model, or changing the base URL were not enough. */
const openaiModels = /^(?:dall-e-\d|gpt-image-[\w.-]+|chatgpt-image-[\w.-]+)$/;
const bytesModels = /^(?:chat)?gpt-image-/;
/** What the usual model is to a prompt, to an image: many models make none of one. */
const usualEditModel = 'flux-kontext-dev';
const sizePattern = /^(?:auto|\d{1,5}x\d{1,5})$/;
export const sizeText = judged<string>(
  (value) =>
    typeof value === 'string' && sizePattern.test(value)
      ? null
      : `is ${shown(value)}; it must be "auto" or like "1024x1024"`,
  { type: 'string', pattern: sizePattern.source },
);
export const nullish = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);

const optional = { model: nullish(members.model), n: nullish(members.n), user: nullish(members.user) };

export const openaiBody = z
  .object(
    {
      prompt: members.prompt,
      ...optional,
      size: nullish(sizeText),
      response_format: nullish(
        z.enum(['url', 'b64_json'], { error: ({ input }) => `is ${shown(input)}; it must be "url" or "b64_json"` }),
      ),
      stream: nullish(z.literal(false, { error: () => 'is not offered: the answer is one JSON object' })),
    },
    whole,
  )
  .catchall(z.unknown());

/** As a model's row may know them; the rest is judged by the row alone. */
export const known = z.object(parameters).catchall(z.unknown());

export const editBody = openaiBody.extend({ image: parameters.image.unwrap(), mask: nullish(parameters.mask) });

const sized = z.object({ size: z.object({ width: members.side, height: members.side }) });

/** What OpenAI's own clients say of what they leave to the model. */
const unsaid: ReadonlySet<unknown> = new Set([null, undefined, 'auto']);
const openaiWords: ReadonlySet<string> = new Set([
  ...['quality', 'style', 'background', 'moderation', 'input_fidelity', 'output_compression', 'partial_images'],
]);
const usualWords: Readonly<Record<string, string>> = { quality: 'standard', style: 'vivid' };

/** `POST /v1/images/generations` as OpenAI's clients speak it. What no model of the split can be told is refused by name. */
export function openaiHandler(plane: DataPlane): CallerHandler {
  const shape = shapeOf(plane, { read: (body, models) => readOpenai(openaiBody, body, models) });
  return (incoming, caller, spend) => handleGenerate(plane, shape, { incoming, caller, spend });
}

/** `POST /v1/images/edits`, the same with images to begin with. */
export function editHandler(plane: DataPlane): CallerHandler {
  const shape = shapeOf(plane, { parse: readEdit, read: (body, models) => readOpenai(editBody, body, models) });
  return (incoming, caller, spend) => handleGenerate(plane, shape, { incoming, caller, spend });
}

function shapeOf(plane: DataPlane, reading: Pick<Shape, 'parse' | 'read'>): Shape {
  return {
    ...reading,
    write: (generated, requestId) => respond(plane, generated, requestId),
    bytes: { hasRoom: (n) => hasRoom(plane, n), add: (answer, isKept) => withBytes(plane, answer, isKept) },
  };
}

function readOpenai(
  schema: typeof openaiBody,
  body: unknown,
  models: Models,
): Wanted & { wantsBytes: boolean; named: string | undefined } {
  const { prompt, model: named, n = 1, size, response_format, user, stream: _, ...rest } = parse(schema, body);
  const isTheirs = named !== undefined && openaiModels.test(named) && !models.aliases.includes(named);
  const said: Record<string, unknown> = saidIn(rest);
  const usual = said.image === undefined ? undefined : usualEditModel;
  const model = isTheirs ? usual : (named ?? usual);
  // A name of OpenAI's that stands for the usual model brings words along that only OpenAI's models know.
  const leftOut = Object.keys(said).filter((name) => openaiWords.has(name) && !models.declares(model, name));
  for (const name of leftOut) delete said[name];
  const params = paramsOf(parse(known, said));
  // OpenAI's own models of this name know no addresses.
  const wantsBytes = response_format === undefined ? bytesModels.test(named ?? '') : response_format === 'b64_json';
  return {
    prompt,
    model,
    n,
    ...sidesOf(size),
    ...(params && { params }),
    ...(leftOut.length > 0 && { leftOut }),
    user: user ?? null,
    wantsBytes,
    named,
  };
}

export function sidesOf(size: string | undefined): { readonly width?: number; readonly height?: number } {
  if (size === undefined || size === 'auto') return {};
  const [width, height] = size.split('x').map(Number);
  return parse(sized, { size: { width, height } }).size;
}

/** Without what says no more than that the model may choose. */
export function saidIn(rest: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(rest).filter(([name, value]) => !unsaid.has(value) && usualWords[name] !== value),
  );
}

function respond(plane: DataPlane, generated: Generated, requestId: string): Answer {
  const { ending } = generated;
  const headers = answerHeaders(generated, requestId);
  if (ending.kind !== 'done') return openaiProblem(problemOf(generated, headers), requestId);
  const created = Math.floor(plane.clock.now() / 1000);
  const { images, provider } = ending.result;
  const answer: z.infer<typeof openaiAnswer> = { created, data: images.map(({ url }) => ({ url })) };
  return json(200, answer, { ...headers, 'x-sluice-provider': provider });
}
