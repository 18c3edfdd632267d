import type { z } from 'zod';
import type { openaiModelAnswer, openaiModelsAnswer } from '@/lib/api/answers/data-plane';
import type { DataPlane } from '@/lib/gateway/request/data-plane';
import type { LiveSplit } from '@/lib/gateway/weights/live-split';
import type { Head } from '@/lib/http/message';
import { Problem } from '@/lib/http/problem';
import { json } from '@/lib/http/respond';
import { excerpt } from '@/lib/kernel/excerpt';
import { decoded } from '@/lib/kernel/plain-text';
import { forbiddenModel } from '@/lib/registry/callers/allowed-models';
import type { Caller } from '@/lib/registry/callers/caller';
import type { CallerHandler } from '../callers';

type Model = z.infer<typeof openaiModelAnswer>;

/** `GET /v1/models`: the aliases that a request could be answered with now, in the split that it would get. */
export function modelsHandler(plane: DataPlane): CallerHandler {
  return async (incoming, caller) => {
    const data = plane.splits.models.aliases.flatMap((alias) => madeHere(plane, incoming, caller, alias) ?? []);
    const answer: z.infer<typeof openaiModelsAnswer> = { object: 'list', data };
    return json(200, answer, { 'x-request-id': incoming.requestId });
  };
}

const prefix = '/v1/models/';

/** By our alias, or by a provider's own id; the answer keeps the name it was asked for by. */
export function modelHandler(plane: DataPlane): CallerHandler {
  return async (incoming, caller) => {
    const id = decoded(incoming.path.slice(prefix.length));
    const model = id === null ? null : madeHere(plane, incoming, caller, plane.splits.models.aliasOf(id));
    if (model !== null && id !== null) {
      return json(200, { ...model, id }, { 'x-request-id': incoming.requestId });
    }
    const detail = `No split can make the model ${excerpt(id ?? incoming.path)} now; GET /v1/models lists those that can be made.`;
    const pointer = '/model';
    throw new Problem(404, 'model-not-found', detail, { errors: [{ pointer, detail }] });
  };
}

/**
 * null: no arm of its split makes it, or this caller may not ask for it. `created` is 0: OpenAI's clients want a number,
 * and no provider says since when a model is there.
 */
function madeHere({ splits }: DataPlane, head: Pick<Head, 'header'>, caller: Caller, alias: string): Model | null {
  if (forbiddenModel(caller, [[alias]]) !== null) return null;
  const split = splits.choose({ kind: 'image', slug: head.header('x-sluice-split'), models: [alias] });
  if (typeof split === 'string' || split.weights === null) return null;
  const makers = makersOf(split, alias);
  return makers.length === 0 ? null : { id: alias, object: 'model', created: 0, owned_by: makers.join(', ') };
}

function makersOf({ arms, armFaults, models }: LiveSplit, alias: string): readonly string[] {
  const able = [...arms.values()].filter(({ name, provider, model }) => {
    if (armFaults.has(name)) return false;
    const isIts = model === null || models.aliasOf(model) === alias;
    return isIts && models.of(provider, alias) !== null;
  });
  return [...new Set(able.map(({ provider }) => provider))];
}
