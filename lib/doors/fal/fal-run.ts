import type { z } from 'zod';
import type { falAnswer } from '@/lib/api/answers/data-plane';
import type { CompiledModel } from '@/lib/gateway/models/compile-model';
import type { DataPlane } from '@/lib/gateway/request/data-plane';
import type { Generated } from '@/lib/gateway/request/ending';
import type { Incoming, Outgoing } from '@/lib/http/message';
import { Problem } from '@/lib/http/problem';
import { json } from '@/lib/http/respond';
import type { Caller } from '@/lib/registry/callers/caller';
import { type CallerHandler, requireScope } from '../callers';
import type { Answer } from '../sluice/answer-once';
import { answerHeaders, handleGenerate, type Shape } from '../sluice/generate';
import { problemOf } from '../sluice/generate-problem';
import type { Wanted } from '../sluice/plain-request';
import { falProblem } from './fal-problem';
import { answersOne, falModel, readFal, refuseRawAddresses } from './read-fal';

/** One call of one model, whichever way it came. */
interface FalCall {
  readonly incoming: Incoming;
  readonly caller: Caller;
  readonly spend: Parameters<CallerHandler>[2];
  /** As FAL names it. */
  readonly id: string;
  /** Of its address at FAL. */
  readonly query: URLSearchParams;
}

/** null: no row here reads its words, or it makes what is answered later. */
export function modelOf({ splits }: Pick<DataPlane, 'splits'>, id: string): CompiledModel | null {
  const model = falModel(splits.models, splits.registry.providers, id);
  return model?.makesVideo ? null : model;
}

/** A model that is known here, by whichever arm is drawn, answered as FAL answers. */
export async function runFal(plane: DataPlane, model: CompiledModel, call: FalCall): Promise<Outgoing> {
  requireScope(call.caller, 'generate');
  refuseQuery(call.query);
  let wanted: Wanted | null = null;
  const shape: Shape = {
    read: (body) => {
      wanted = readFal(model, call.id, body);
      return wanted;
    },
    fit: async ({ raw }) => raw && refuseRawAddresses(raw.fields),
    write: (generated, requestId) => respond(plane, { model, wanted, generated, requestId }),
  };
  try {
    return await handleGenerate(plane, shape, call);
  } catch (error) {
    throw error instanceof Problem ? inFalWords(model, error) : error;
  }
}

function refuseQuery(query: URLSearchParams): void {
  const [name] = [...query.keys()];
  if (name === undefined) return;
  const detail =
    name === 'fal_webhook'
      ? 'fal_webhook is not taken: the answer comes on this connection, and nothing is sent to other addresses.'
      : `The query ${name.slice(0, 32)} is not taken; say it in the body.`;
  throw new Problem(422, 'request-invalid', detail);
}

/** The fields of a refusal by the names that the caller wrote. */
export function inFalWords(model: CompiledModel, { status, code, message, extra }: Problem): Problem {
  const errors = extra.errors?.map(({ pointer, detail }) => {
    const [, name = '', ...more] = pointer.split('/');
    const word = name === 'size' ? 'image_size' : model.wordOf(name);
    return { pointer: [...(pointer === '' ? [''] : ['', word]), ...more].join('/'), detail };
  });
  return new Problem(status, code, message, errors ? { ...extra, errors } : extra);
}

interface Written {
  readonly model: CompiledModel;
  readonly wanted: Wanted | null;
  readonly generated: Generated;
  readonly requestId: string;
}

function respond(plane: DataPlane, { model, wanted, generated, requestId }: Written): Answer {
  const { ending } = generated;
  const headers = answerHeaders(generated, requestId);
  if (ending.kind !== 'done') return falProblem(problemOf(generated, headers), requestId);
  const { provider, providerRequestId, said = {} } = ending.result;
  const isFal = plane.splits.registry.providers.some(({ name, adapter }) => name === provider && adapter === 'fal');
  const images = ending.result.images.map(({ url, width, height, contentType, fileName, fileSize }) => ({
    url,
    ...(width !== null && { width }),
    ...(height !== null && { height }),
    ...(contentType !== null && { content_type: contentType }),
    ...(fileName !== undefined && { file_name: fileName }),
    ...(fileSize !== undefined && { file_size: fileSize }),
  }));
  const [first] = images;
  const isSingle = said.isSingle ?? answersOne(model);
  const answer: z.infer<typeof falAnswer> = {
    ...(isSingle && first ? { image: first } : { images }),
    ...(said.inferenceSeconds !== undefined && { timings: { inference: said.inferenceSeconds } }),
    ...(said.seed !== undefined && { seed: said.seed }),
    ...(said.isChecked && { has_nsfw_concepts: images.map(() => false) }),
    ...(typeof wanted?.prompt === 'string' && { prompt: wanted.prompt }),
  };
  return json(200, answer, {
    ...headers,
    'x-sluice-provider': provider,
    'x-fal-request-id': (isFal ? providerRequestId : null) ?? requestId,
    ...(said.billableUnits !== undefined && { 'x-fal-billable-units': said.billableUnits }),
  });
}
