import { z } from 'zod';
import type { openaiAnswer } from '@/lib/api/answers/data-plane';
import type { DataPlane } from '@/lib/gateway/request/data-plane';
import type { Generated } from '@/lib/gateway/request/ending';
import { judged, parse, shown, whole } from '@/lib/http/body/read-fields';
import { json } from '@/lib/http/respond';
import type { CallerHandler } from '../callers';
import { type Answer, answerHeaders, handleGenerate, type Shape } from '../sluice/generate';
import { problemOf } from '../sluice/generate-problem';
import { members, type Wanted } from '../sluice/generate-request';
import { hasRoom, withBytes } from './image-bytes';
import { openaiProblem } from './openai-problem';

/** Names that clients of OpenAI have in their code: they get the default model, or changing the base URL were not enough. */
const openaiModels = /^(?:dall-e-\d|gpt-image-[\w.-]+|chatgpt-image-[\w.-]+)$/;
const sizePattern = /^(?:auto|\d{1,5}x\d{1,5})$/;
const nullish = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);

export const openaiBody = z.object(
  {
    prompt: members.prompt,
    model: nullish(members.model),
    n: nullish(members.n),
    size: nullish(
      judged<string>(
        (value) =>
          typeof value === 'string' && sizePattern.test(value)
            ? null
            : `is ${shown(value)}; it must be "auto" or like "1024x1024"`,
        { type: 'string', pattern: sizePattern.source },
      ),
    ),
    response_format: nullish(
      z.enum(['url', 'b64_json'], { error: ({ input }) => `is ${shown(input)}; it must be "url" or "b64_json"` }),
    ),
    user: nullish(members.user),
    stream: nullish(z.literal(false, { error: () => 'is not offered: the answer is one JSON object' })),
  },
  whole,
);

const sized = z.object({ size: z.object({ width: members.side, height: members.side }) });

/** `POST /v1/images/generations` as OpenAI's clients speak it. What has no meaning here (quality, style) is ignored. */
export function openaiHandler(plane: DataPlane): CallerHandler {
  const shape: Shape = {
    read: readOpenai,
    write: (generated, requestId) => respond(plane, generated, requestId),
    bytes: { hasRoom: (n) => hasRoom(plane, n), add: (answer, isKept) => withBytes(plane, answer, isKept) },
  };
  return (incoming, caller, spend) => handleGenerate(plane, shape, { incoming, caller, spend });
}

function readOpenai(body: unknown): Wanted & { wantsBytes: boolean; named: string | undefined } {
  const { prompt, model: named, n = 1, size = 'auto', response_format, user } = parse(openaiBody, body);
  const model = named !== undefined && openaiModels.test(named) ? undefined : named;
  const [width, height] = size === 'auto' ? [1024, 1024] : size.split('x').map(Number);
  const sides = parse(sized, { size: { width, height } }).size;
  return { prompt, model, n, ...sides, user: user ?? null, wantsBytes: response_format === 'b64_json', named };
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
