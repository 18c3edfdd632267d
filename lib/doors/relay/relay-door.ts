import type { IncomingMessage } from 'node:http';
import { LogOfRequests } from '@/lib/config/log-of-requests';
import type { Generated } from '@/lib/gateway/request/ending';
import { addressGroup } from '@/lib/http/defence/addresses';
import { requireSameOrigin } from '@/lib/http/defence/same-origin';
import type { Throttle } from '@/lib/http/defence/throttle';
import type { Outgoing } from '@/lib/http/message';
import { Problem } from '@/lib/http/problem';
import { refusal } from '@/lib/http/respond';
import { isOverQuota } from '@/lib/jobs/over-quota';
import { excerpt } from '@/lib/kernel/excerpt';
import { capital } from '@/lib/kernel/plain-text';
import { anyone, type Caller } from '@/lib/registry/callers/caller';
import { CallerAnswer } from '@/lib/relay/caller-answer';
import { CallerBody } from '@/lib/relay/caller-body';
import { keyOfCaller } from '@/lib/relay/caller-key';
import { type Target, targetOf } from '@/lib/relay/canonical-path';
import { type Prefixed, Prefixes } from '@/lib/relay/find-prefix';
import { chosenKey } from '@/lib/relay/header-rules';
import { namedModels } from '@/lib/relay/named-models';
import { isCounted, type Passed, passOn, type Understood, understand } from '@/lib/relay/pass-on';
import { blamed, blaming, writeRefusal } from '@/lib/relay/refusal';
import type { Incoming } from '@/lib/relay/send-on';
import { unansweredProblem } from '@/lib/relay/stream-to';
import { type CallerRates, requireModels, requireScope } from '../callers';
import type { DataPlaneDoor } from '../data-route';
import { quotaProblem } from '../jobs/quota-problem';
import { BodyRoom } from './body-room';
import { type RawExchange, RawHead } from './raw-exchange';
import { relayProblem } from './relay-problem';
import { sayAsked, sayDrawn } from './say-relayed';

/** Answers a request itself, byte by byte, or says what to answer. */
type ServeRaw = (raw: RawExchange) => Promise<Outgoing | null>;

export interface RelayDoor {
  /** By a target as it was sent; undefined: it is no relay's. */
  find(target: string): ServeRaw | undefined;
}

interface Door extends DataPlaneDoor {
  /** For one line a request. */
  readonly lines: LogOfRequests;
}

interface Limits {
  readonly limit: Throttle | null;
  readonly rates: CallerRates;
}

export function relayDoor(given: DataPlaneDoor, limits: Limits): RelayDoor {
  const door: Door = { ...given, lines: new LogOfRequests(given.log) };
  const prefixes = new Prefixes(door.plane.splits);
  return {
    find(target) {
      const found = prefixes.find(target);
      return found && ((raw) => serve(door, limits, found, raw));
    },
  };
}

async function serve(door: Door, limits: Limits, found: Prefixed, raw: RawExchange): Promise<Outgoing | null> {
  const { requestId, request } = raw;
  const write = writeRefusal(found.dialect, request.url ?? '/');
  const room = new BodyRoom(door.plane, raw);
  let caller: Caller | undefined;
  try {
    const admitted = blaming('caller', (): Admitted => {
      refuseMethod(request);
      refuseUpgrade(request);
      caller = admit(door, found, raw);
      return { raw, room, caller, target: readTarget(request.url ?? '/', found.prefix) };
    });
    return await relay(door, limits, found, admitted);
  } catch (error) {
    const refused = { requestId, path: found.prefix, ...(caller ? { caller: caller.name } : {}) };
    const said = isOverQuota(error) ? blamed(quotaProblem(error), error.breach.of) : error;
    const outgoing = refusal(said, refused, door.log, write);
    return { ...outgoing, headers: { 'x-sluice-split': found.split.slug, ...outgoing.headers } };
  } finally {
    room.free();
  }
}

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** TRACE has a provider say what it was sent, our key included; no API is asked by any other that is left out. */
function refuseMethod({ method = '' }: IncomingMessage): void {
  if (methods.has(method)) return;
  const allow = [...methods].join(', ');
  const detail = `${excerpt(method)} is not relayed; ${allow} are. Nothing was sent.`;
  throw new Problem(405, 'method-not-allowed', detail, { headers: { allow } });
}

function refuseUpgrade({ headers }: IncomingMessage): void {
  if (headers.upgrade?.toLowerCase() === 'websocket') {
    const detail =
      'WebSockets are not relayed: a split cannot watch what passes over one. Ask the provider directly for it.';
    throw new Problem(501, 'upgrade-not-offered', detail, { headers: { connection: 'close' } });
  }
  const coding = headers['transfer-encoding'];
  if (coding === undefined || coding.trim().toLowerCase() === 'chunked') return;
  const detail = `Transfer-Encoding is "${excerpt(coding)}"; a body comes with its length, or chunked.`;
  throw new Problem(501, 'transfer-coding', detail, { headers: { connection: 'close' } });
}

/** A caller who may not send it is told so before a byte of the body is read. */
function admit(door: DataPlaneDoor, { prefix }: Prefixed, raw: RawExchange): Caller {
  const head = new RawHead(raw);
  const caller = door.whoCalls(head);
  requireScope(caller, 'relay');
  const { prefixes = [] } = caller;
  if (prefixes.length > 0 && !prefixes.includes(prefix)) {
    const detail = `${caller.name} may not use ${prefix}; it may use ${prefixes.join(', ')}.`;
    throw blamed(new Problem(403, 'prefix', detail), 'prefix');
  }
  // Where callers need no key, a page of another site could make a browser spend ours.
  if (caller.name === anyone) requireSameOrigin(head);
  return caller;
}

/** Only what may begin something is counted: what asks for a job is free. */
function take({ limit, rates }: Limits, caller: Caller, { remote }: RawExchange): void {
  limit?.take(caller.name === anyone ? addressGroup(remote) : caller.name);
  rates.take(caller, 1);
}

function readTarget(url: string, prefix: string): Target {
  const target = targetOf(url, prefix);
  if (typeof target !== 'string') return target;
  throw new Problem(400, 'bad-target', `The request is not relayed: ${target}.`);
}

interface Admitted {
  readonly raw: RawExchange;
  readonly room: BodyRoom;
  readonly caller: Caller;
  readonly target: Target;
}

async function relay(door: Door, limits: Limits, found: Prefixed, admitted: Admitted): Promise<Outgoing | null> {
  const { plane } = door;
  const { split } = found;
  const awake = plane.wake();
  if (awake) await awake;
  if (split.weights === null) {
    const detail = `${capital(split.whyNotReady())}. Nothing was sent to anybody.`;
    const headers = { 'retry-after': '5', 'x-sluice-fault': 'split', 'x-sluice-split': split.slug };
    throw new Problem(503, 'split-not-ready', detail, { headers });
  }
  const incoming = incomingOf(admitted, found);
  const understood = await understand(found, incoming, (admitted.caller.models ?? []).length > 0);
  requireNamed(plane.splits, admitted.caller, understood);
  if (isCounted(understood)) take(limits, admitted.caller, admitted.raw);
  let passed: Passed;
  try {
    passed = await passOn(plane.generate, door.relays, found, incoming, understood);
  } finally {
    count(door, split.slug, incoming);
  }
  if ('result' in passed) {
    sayAsked(door.lines, split.slug, incoming, understood, passed);
    if (passed.problem) throw passed.problem;
    if (incoming.answer.hasBegun || incoming.answer.isGone) return null;
    throw unansweredProblem(passed.result);
  }
  const { generated } = passed;
  const { ending, arm } = generated;
  if (ending.kind === 'done') {
    const { requestId, caller } = incoming;
    plane.recent.add(requestId, { provider: ending.result.provider, caller, split: split.key, arm: arm.name });
  }
  sayDrawn(door.lines, incoming, generated);
  if (incoming.answer.hasBegun || incoming.answer.isGone) return null;
  throw relayProblem(generated, splitMarks(generated));
}

/** What begins something names a model that its caller may ask for, where that may not ask for all. */
function requireNamed({ models }: DataPlaneDoor['plane']['splits'], caller: Caller, understood: Understood): void {
  const { name, models: allowed = [] } = caller;
  const named = allowed.length === 0 ? null : namedModels(understood);
  if (typeof named === 'string') {
    const detail = `${name} may ask for ${allowed.join(', ')} alone, and it cannot be told what this asks for: ${named}. Nothing was sent.`;
    throw blamed(new Problem(403, 'model', detail), 'caller');
  }
  const namesOf = (model: string) => [model, models.aliasOf(model)];
  if (named !== null) requireModels(caller, named.map(namesOf));
}

function incomingOf({ raw, room, caller, target }: Admitted, { prefix, split }: Prefixed): Incoming {
  const { request, response, requestId, isExpecting, isHttps } = raw;
  const method = request.method ?? 'GET';
  const length = Number(request.headers['content-length'] ?? Number.NaN);
  const hasBody = request.headers['transfer-encoding'] !== undefined || length > 0;
  const isRead = method === 'GET' || method === 'HEAD';
  // No provider is sent the body of a GET; what came of one is dropped.
  if (hasBody && isRead) request.resume();
  const said = Number.isNaN(length) ? null : length;
  const body = hasBody && !isRead ? new CallerBody(request, said, room.take) : null;
  const scope = keyOfCaller(split.key, caller.name);
  const chosen = chosenKey(request.rawHeaders);
  const key = chosen === null ? null : scope(chosen);
  const answer = new CallerAnswer(request, response, body, { prefix, isBare: !hasBody, isExpecting, isHttps, key });
  return { method, target, rawHeaders: request.rawHeaders, body, answer, requestId, caller: caller.name, scope };
}

function splitMarks({ split, arm, weightsVersion }: Generated): Readonly<Record<string, string>> {
  return {
    'x-sluice-split': split,
    ...(arm.name === '' ? {} : { 'x-sluice-arm': arm.name }),
    ...(weightsVersion === null ? {} : { 'x-sluice-version': String(weightsVersion) }),
  };
}

/** By the arm that it was meant for; nothing where it was meant for none. */
function count({ passed }: DataPlaneDoor, split: string, { answer, body }: Incoming): void {
  const arm = answer.marked('x-sluice-arm');
  if (arm !== null) passed(split, arm, body?.bytes ?? 0, answer.bytes);
}
