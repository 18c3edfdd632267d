import { appOf } from '@/lib/gateway/providers/fal/queue-address';
import type { DataPlane } from '@/lib/gateway/request/data-plane';
import type { Incoming, Outgoing } from '@/lib/http/message';
import { Problem } from '@/lib/http/problem';
import { excerpt } from '@/lib/kernel/excerpt';
import { isObject } from '@/lib/kernel/json-text';
import type { Caller } from '@/lib/registry/callers/caller';
import { globMatches } from '@/lib/registry/glob';
import { requireModels, requireScope } from '../callers';
import { notOffered } from './fal-target';
import { allowedAt, falProviders, pass, refuseHook, refuseSplit } from './pass-through';
import { type QueueCall, urlsOf } from './queue-call';

interface Asked {
  readonly incoming: Incoming;
  readonly caller: Caller;
  readonly query: URLSearchParams;
  readonly origin: string;
}

const ends = { status: '/status', result: '', cancel: '/cancel' } as const;

/**
 * What no split of jobs decides goes to FAL's queue as it is, where an operator allowed the model, and nothing of it is
 * kept here: its status is FAL's to tell, under the same account.
 */
export async function passQueue(plane: DataPlane, call: QueueCall, asked: Asked): Promise<Outgoing> {
  const { caller, incoming, query, origin } = asked;
  const name = call.kind === 'submit' ? call.id : call.app;
  if (call.kind === 'submit') requireModels(caller, [[name, plane.splits.models.aliasOf(name)]]);
  const isAllowed = (pattern: string) =>
    globMatches(pattern, name) || (call.kind !== 'submit' && globMatches(appOf(pattern), name));
  const entry = falProviders(plane).find((each) => allowedAt(each).some(isAllowed));
  if (!entry) throw call.kind === 'submit' ? refusedOf(call.id) : unknownRequest(call.job);
  requireScope(caller, 'relay');
  if (call.kind === 'submit') {
    refuseSplit(incoming, name);
    refuseHook(query);
  } else if (call.kind === 'stream') {
    throw notOffered('The status of a request that no split decides comes by polling alone: ask for /status.');
  }
  const path = call.kind === 'submit' ? `/${call.id}` : `/${call.app}/requests/${call.job}${ends[call.kind]}`;
  const method = call.kind === 'submit' ? 'POST' : call.kind === 'cancel' ? 'PUT' : 'GET';
  const answer = await pass(plane, entry, { at: 'queue', name, path, method }, { incoming, caller, query });
  return call.kind === 'result' ? answer : withOwnUrls(answer, origin, appOf(name));
}

function refusedOf(id: string): Problem {
  const detail =
    `${id} is in no split of jobs, and no provider of FAL lets it through: no job was made. Make a split of kind job ` +
    `that matches it, or add "passthrough": ["${id}"] (or a pattern such as "fal-ai/*") to the options of the provider fal.`;
  return new Problem(403, 'passthrough', detail);
}

function unknownRequest(job: string): Problem {
  return new Problem(404, 'unknown-job', `You have no request '${excerpt(job)}' of this application.`);
}

/** The addresses in it lead to where the client asked. */
function withOwnUrls(answer: Outgoing, origin: string, app: string): Outgoing {
  const { body } = answer;
  if (answer.status >= 300 || !(body instanceof Uint8Array)) return answer;
  const said = readObject(body);
  if (said === null || typeof said.request_id !== 'string' || !('response_url' in said)) return answer;
  return { ...answer, body: JSON.stringify({ ...said, ...urlsOf(origin, app, said.request_id) }) };
}

function readObject(body: Uint8Array): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString());
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
