import type { Provider, RelayAnswer, RelayCall } from '@/lib/gateway/providers/provider';
import type { DataPlane } from '@/lib/gateway/request/data-plane';
import type { Lane } from '@/lib/gateway/request/lane';
import type { Incoming, Outgoing } from '@/lib/http/message';
import { Problem } from '@/lib/http/problem';
import type { Caller } from '@/lib/registry/callers/caller';
import { globMatches } from '@/lib/registry/glob';
import type { ProviderEntry } from '@/lib/registry/registry';
import { requireModels, requireScope } from '../callers';

interface Passed {
  readonly incoming: Incoming;
  readonly caller: Caller;
  readonly query: URLSearchParams;
}

/** What of a caller's headers reaches FAL; a key of ours never does. */
const sentOn = [
  ...['content-type', 'accept', 'x-fal-request-timeout', 'x-fal-runner-hint', 'x-fal-queue-priority'],
  ...['x-fal-object-lifecycle-preference', 'x-fal-object-lifecycle', 'x-fal-store-io', 'x-fal-no-retry'],
  ...['x-fal-retry-config', 'x-app-fal-disable-fallback'],
];
const sentBack = [
  ...['content-type', 'content-encoding', 'retry-after', 'x-fal-request-id', 'x-fal-billable-units'],
  ...['x-fal-served-from', 'x-fal-error-type', 'x-fal-retryable', 'x-fal-runner-hints', 'x-fal-request-timeout-type'],
];

/** A model that no split knows goes to FAL as it is, where an operator allowed it: it is counted, and never judged. */
export async function passRun(
  plane: DataPlane,
  { id, ...passed }: Passed & { readonly id: string },
): Promise<Outgoing> {
  requireScope(passed.caller, 'relay');
  requireModels(passed.caller, [[id, plane.splits.models.aliasOf(id)]]);
  refuseSplit(passed.incoming, id);
  refuseHook(passed.query);
  const entry = falProviders(plane).find((each) => allowedAt(each).some((pattern) => globMatches(pattern, id)));
  if (!entry) {
    const detail =
      `${id} is in no split, and no provider of FAL lets it through. To allow it, add "passthrough": ["${id}"] ` +
      '(or a pattern such as "fal-ai/*") to the options of the provider fal.';
    throw new Problem(403, 'passthrough', detail);
  }
  return pass(plane, entry, { at: 'run', name: id, path: `/${id}` }, passed);
}

export function refuseSplit(incoming: Incoming, id: string): void {
  if (incoming.header('x-sluice-split') === null) return;
  const detail = `${id} has no row here, so no split can decide on it; leave X-Sluice-Split out, or add the model.`;
  throw new Problem(422, 'request-invalid', detail);
}

export function refuseHook(query: URLSearchParams): void {
  const hook = [...query.keys()].find((name) => /webhook/i.test(name));
  if (hook !== undefined) throw new Problem(422, 'request-invalid', `${hook.slice(0, 32)} is not taken.`);
}

/** Asks FAL where a file may be put, whole or in parts; the file itself goes there without us. */
export async function passUpload(plane: DataPlane, path: string, passed: Passed): Promise<Outgoing> {
  const entry = falProviders(plane).find(({ name }) => plane.lanes.get(name)?.provider.configured);
  if (!entry) throw unconfigured('No provider of FAL has a key here');
  return pass(plane, entry, { at: 'storage', name: path, path: `/${path}` }, passed);
}

export function falProviders({ splits }: DataPlane): readonly ProviderEntry[] {
  return splits.registry.providers.filter(({ adapter, state }) => adapter === 'fal' && state === 'active');
}

export function allowedAt({ options }: ProviderEntry): readonly string[] {
  const { passthrough } = options;
  return Array.isArray(passthrough) ? passthrough.filter((each) => typeof each === 'string') : [];
}

function unconfigured(why: string): Problem {
  const detail = `${why}. Nothing was sent to anybody.`;
  return new Problem(503, 'provider-unconfigured', detail, { headers: { 'retry-after': '30' } });
}

interface Where {
  readonly at: RelayCall['at'];
  readonly name: string;
  readonly path: string;
  readonly method?: RelayCall['method'];
}

export async function pass(plane: DataPlane, { name }: ProviderEntry, where: Where, passed: Passed): Promise<Outgoing> {
  const lane = plane.lanes.get(name);
  const relay = lane?.provider.relay?.bind(lane.provider);
  if (!lane || !relay || !lane.provider.configured) throw unconfigured(lane?.provider.whyNot ?? `${name} has no key`);
  const { incoming, caller, query } = passed;
  const search = query.size > 0 ? `?${query}` : '';
  const headers = Object.fromEntries(
    sentOn.flatMap((each) => {
      const value = incoming.header(each);
      return value === null ? [] : [[each, value]];
    }),
  );
  const answer = await called(plane, lane, relay, {
    ...{ at: where.at, path: where.path + search, method: where.method, headers, body: incoming.body },
  });
  const { status, errorKind } = answer;
  plane.events.record('unsplit_call', {
    ...{ request_id: incoming.requestId, provider: name, model: where.name, caller: caller.name },
    ...{ status: status ?? undefined, error_kind: errorKind ?? undefined, took_ms: Math.round(answer.latencyMs) },
  });
  return answered(answer, name, incoming.requestId, where.method ?? 'POST');
}

/** By one of the provider's connections; a split's breaker neither stops it nor learns from it. */
async function called(
  { generate }: DataPlane,
  { slots }: Lane,
  relay: NonNullable<Provider['relay']>,
  call: RelayCall,
): Promise<RelayAnswer> {
  if (!slots.take()) {
    const detail = 'Nothing was sent: every connection of ours to FAL is in use. Try again in 5 s.';
    throw new Problem(503, 'connections-full', detail, { headers: { 'retry-after': '5' } });
  }
  const deadline = generate.startDeadline(generate.requestWithinMs);
  generate.calls.begin(deadline);
  try {
    return await relay(call, deadline.signal);
  } finally {
    generate.calls.end(deadline);
    slots.give();
  }
}

const unsplit = { 'x-sluice-split': 'none' } as const;
/** FAL's clients send a request again on these. */
const sentAgain: ReadonlySet<number> = new Set([429, 502, 503, 504]);

function answered(answer: RelayAnswer, provider: string, requestId: string, method: string): Outgoing {
  const { status, body, errorKind, started } = answer;
  if (body === null || status === null) throw brokenOf(answer, provider);
  // FAL refused our key; passed on, the caller would take theirs for the bad one.
  if (errorKind === 'auth' || errorKind === 'intercepted') throw failedOf(answer, provider);
  // Asking again makes nothing.
  const isUnknown = method === 'POST' && started !== 'no' && sentAgain.has(status);
  const headers = Object.fromEntries(
    sentBack.flatMap((name) => {
      const value = answer.headers[name];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
  return {
    status: isUnknown ? 504 : status,
    headers: {
      ...{ 'cache-control': 'no-store', 'x-fal-request-id': requestId, ...headers },
      ...{ 'x-request-id': requestId, 'x-sluice-provider': provider, ...unsplit },
      ...(isUnknown ? { 'x-fal-request-timeout-type': 'user' } : {}),
    },
    body,
  };
}

function brokenOf(answer: RelayAnswer, provider: string): Problem {
  if (answer.started === 'no') return failedOf(answer, provider);
  const detail = `${provider} was called and did not answer whole: ${answer.message}. The outcome is unknown; it is not sent again.`;
  return new Problem(504, 'provider-timeout', detail, { headers: unsplit, members: { outcome: 'unknown' } });
}

function failedOf({ errorKind, message }: RelayAnswer, provider: string): Problem {
  const detail = `${provider} failed (${errorKind}): ${message}`;
  return new Problem(502, 'provider-failed', detail, {
    ...{ headers: unsplit, members: { attempts: [{ error_kind: errorKind }] } },
  });
}
