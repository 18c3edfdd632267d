import { z } from 'zod';
import type { DataPlane } from '@/lib/operations/data-plane';
import type { Generated } from '@/lib/operations/generate';
import type { ProviderSuccess } from '@/lib/rollout/provider';
import type { openaiAnswer, openaiErrorAnswer } from './answers/data-plane';
import type { CallerHandler } from './data-plane';
import { handleGenerate, problemOf, type Shape, serverTiming } from './generate';
import { fields, parse, refuseModel, shown, type Wanted } from './generate-request';
import { json, type Outgoing } from './message';
import { Problem } from './problem';

/** Names that clients of OpenAI have in their code: they get the default model, or changing the base URL were not enough. */
const openaiModels = /^(?:dall-e-\d|gpt-image-[\w.-]+|chatgpt-image-[\w.-]+)$/;
const sizePattern = /^(?:auto|\d{1,5}x\d{1,5})$/;
const nullish = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);

export const openaiBody = z.object({
  prompt: fields.prompt,
  model: nullish(fields.model),
  n: nullish(fields.n),
  size: nullish(
    z
      .custom<string>((value) => typeof value === 'string' && sizePattern.test(value), {
        error: ({ input }) => `is ${shown(input)}; it must be "auto" or like "1024x1024"`,
      })
      .meta({ type: 'string', pattern: sizePattern.source }),
  ),
  response_format: nullish(
    z.enum(['url', 'b64_json'], { error: ({ input }) => `is ${shown(input)}; it must be "url" or "b64_json"` }),
  ),
  user: nullish(fields.user),
  stream: nullish(z.literal(false, { error: () => 'is not offered: the answer is one JSON object' })),
});

const sized = z.object({ size: z.object({ width: fields.side, height: fields.side }) });

/** `POST /v1/images/generations` as OpenAI's clients speak it. What has no meaning here (quality, style) is ignored. */
export function openaiHandler(plane: DataPlane): CallerHandler {
  const shape: Shape = {
    read: (body) => readOpenai(body, plane),
    write: (generated, requestId, wantsBytes) => respond(plane, generated, requestId, wantsBytes),
  };
  return (incoming, caller) => handleGenerate(plane, shape, incoming, caller);
}

function readOpenai(body: unknown, plane: DataPlane): Wanted & { wantsBytes: boolean } {
  const { prompt, model: named, n = 1, size = 'auto', response_format, user } = parse(openaiBody, body);
  const model = named !== undefined && openaiModels.test(named) ? undefined : named;
  refuseModel(model, plane.modelFault);
  const [width, height] = size === 'auto' ? [1024, 1024] : size.split('x').map(Number);
  const sides = parse(sized, { size: { width, height } }).size;
  return { prompt, model, n, ...sides, user: user ?? null, wantsBytes: response_format === 'b64_json' };
}

async function respond(plane: DataPlane, generated: Generated, requestId: string, bytes: boolean): Promise<Outgoing> {
  const { ending } = generated;
  const headers = { 'x-request-id': requestId, 'server-timing': serverTiming(generated) };
  if (ending.kind !== 'done') return openaiProblem(problemOf(generated, headers), requestId);
  const created = Math.floor(plane.clock.now() / 1000);
  const { images, provider } = ending.result;
  const data = bytes ? await bytesOf(plane, ending.result) : images.map(({ url }) => ({ url }));
  if (data instanceof Problem) return openaiProblem(data, requestId);
  const answer: z.infer<typeof openaiAnswer> = { created, data };
  return json(200, answer, { ...headers, 'x-sluice-provider': provider });
}

/** An answer, not a throw: the image is made and billed, so an idempotency key must not be freed. */
async function bytesOf(plane: DataPlane, { images, provider }: ProviderSuccess) {
  try {
    const all = await Promise.all(images.map(({ url }) => plane.fetchImage(url)));
    return all.map((image) => ({ b64_json: Buffer.from(image).toString('base64') }));
  } catch (cause) {
    const detail = `${provider} made the image, but its bytes could not be read; response_format "url" still works.`;
    return new Problem(502, 'image-unreadable', detail, { cause });
  }
}

/** The same refusal in OpenAI's error shape. */
export function openaiProblem(problem: Problem, requestId: string): Outgoing {
  const { errors, headers } = problem.extra;
  const type =
    problem.status === 429 ? 'rate_limit_error' : problem.status >= 500 ? 'server_error' : 'invalid_request_error';
  const param = errors?.[0]?.pointer.split('/')[1] ?? null;
  const code = problem.code.replaceAll('-', '_');
  const answer: z.infer<typeof openaiErrorAnswer> = { error: { message: problem.message, type, param, code } };
  // The outcome is unknown or the key is in use: a client that retries by itself must not.
  const once = problem.code === 'provider-timeout' || problem.code === 'outcome-unknown';
  const more = { 'x-request-id': requestId, ...headers, ...(once ? { 'x-should-retry': 'false' } : {}) };
  return json(problem.status, answer, more);
}
