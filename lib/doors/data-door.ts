import type { DataPlane } from '@/lib/gateway/request/data-plane';
import type { Place } from '@/lib/gateway/request/held-bytes';
import { addressGroup } from '@/lib/http/defence/addresses';
import { type Throttle, throttle } from '@/lib/http/defence/throttle';
import type { Arriving, Handler, Head, Outgoing } from '@/lib/http/message';
import { Problem, problemResponse } from '@/lib/http/problem';
import { type Entries, type Entry, type Methods, notFound, refusal, type WriteProblem } from '@/lib/http/respond';
import { excerpt } from '@/lib/kernel/excerpt';
import { anyone, type Caller } from '@/lib/registry/callers/caller';
import { type CallerRates, callerRates, requireScope } from './callers';
import type { DataPlaneDoor, KeyedRoute, OpenRoute } from './data-route';
import { falProblem } from './fal/fal-problem';
import { openaiProblem } from './openai/openai-problem';
import { controlLimitBytes } from './route';

/** Below /v1/: what OpenAI has and this service has not. */
const notOffered =
  /^\/v1\/(?:chat|completions|responses|conversations|embeddings|moderations|audio|images\/variations|files|uploads|batches|realtime|videos\/(?:edits|extensions|characters)|fine_tuning|evals|containers|assistants|threads|vector_stores|organization)(?:\/|$)/;

export const isOpenaiPath = (path: string) => path === '/v1' || path.startsWith('/v1/');

/** What answers a path of the data plane; null: something else may. Below /v1/ nothing else does. */
export function dataEntryAt(entries: Entries, path: string): Entry | null {
  const entry = entries.get(path);
  if (!isOpenaiPath(path)) return entry ?? null;
  const isOffered = !notOffered.test(path);
  if (entry && isOffered) return entry;
  if (isOffered) throw notFound(path);
  const detail = `${excerpt(path)} is OpenAI's, and is not offered here: images and videos are. Nothing was done; ask OpenAI for it.`;
  throw new Problem(501, 'not-offered', detail);
}

interface Pattern {
  readonly path: string;
  readonly start: string;
  readonly end: string;
}

/**
 * Finds the path of a route by that of a request. What stands in braces is one part of a path, and at the end the rest
 * of it, slashes and all; of several that fit, the one that says most itself.
 */
export function lineFinder(paths: readonly string[]): (path: string) => string | undefined {
  const exact = new Set(paths.filter((path) => !path.includes('{')));
  const patterns = [...new Set(paths)].filter((path) => path.includes('{')).map(patternOf);
  patterns.sort((a, b) => b.start.length + b.end.length - (a.start.length + a.end.length));
  return (path) => (exact.has(path) ? path : patterns.find((pattern) => fits(pattern, path))?.path);
}

function patternOf(path: string): Pattern {
  return { path, start: path.slice(0, path.indexOf('{')), end: path.slice(path.indexOf('}') + 1) };
}

function fits({ start, end }: Pattern, path: string): boolean {
  if (path.length <= start.length + end.length || !path.startsWith(start) || !path.endsWith(end)) return false;
  return end === '' || !path.slice(start.length, path.length - end.length).includes('/');
}

/** Whatever is refused at a vendor's door, and however early, is said as that vendor's clients read it. */
export function writeProblemAt(path: string): WriteProblem {
  if (path.startsWith('/fal/') || path === '/api/fal/proxy') return falProblem;
  return isOpenaiPath(path) ? openaiProblem : problemResponse;
}

export function limitsOf({ plane, env }: DataPlaneDoor) {
  return {
    generate: limitOf(env.SLUICE_RATE_GENERATE, plane),
    events: limitOf(env.SLUICE_RATE_EVENTS, plane),
    none: null,
    rates: callerRates(plane.clock.now),
  };
}

/** These routes, bound to the plane of this process. */
export function entriesOf(
  routes: readonly (KeyedRoute | OpenRoute)[],
  door: DataPlaneDoor,
  limits: ReturnType<typeof limitsOf>,
): Entries {
  const { rates } = limits;
  const lineOf = lineFinder(routes.map(({ path }) => path));
  const entries = new Map<string, Entry>();
  for (const route of routes) {
    const handler =
      'open' in route ? route.open(door) : admitted(route, door, { limit: limits[route.limit ?? 'none'], rates });
    const before = entries.get(route.path);
    const methods: Methods = { ...before?.methods, [route.method]: handler };
    // Only one of a path's methods has a body worth the name.
    const limitBytes = Math.max(before?.limitBytes ?? 0, route.limitBytes ?? controlLimitBytes);
    entries.set(route.path, { limitBytes, methods });
  }
  return { get: (path) => entries.get(lineOf(path) ?? '') };
}

interface Limits {
  /** The environment's, for every caller alike. */
  readonly limit: Throttle | null;
  /** Each caller's own. */
  readonly rates: CallerRates;
}

/** The body of a caller without the right to send it is not read. */
function admitted(
  { scope, keyed, limit: counted, limitBytes = controlLimitBytes }: KeyedRoute,
  door: DataPlaneDoor,
  { limit, rates }: Limits,
): Handler {
  const handler = keyed(door);
  const scopes = [scope].flat();
  const admit = (arriving: Arriving): Caller => {
    const caller = door.whoCalls(arriving);
    requireScope(caller, ...scopes);
    limit?.take(caller.name === anyone ? addressGroup(arriving.remote) : caller.name);
    if (counted !== null) rates.take(caller, 1);
    return caller;
  };
  return async (arriving) => {
    const caller = admit(arriving);
    let room: Place | null = null;
    try {
      const waited = requestRoom(door.plane, arriving, limitBytes);
      if (waited) room = await waited;
      const incoming = await arriving.received();
      room?.keep(incoming.body?.length ?? 0);
      const answer = await handler(incoming, caller, (count) => rates.take(caller, count));
      return keptFromResending(arriving, answer);
    } catch (error) {
      const { requestId, path } = arriving;
      const refused = refusal(error, { requestId, path, caller: caller.name }, door.log, writeProblemAt(path));
      return keptFromResending(arriving, refused);
    } finally {
      room?.free();
    }
  };
}

function limitOf(perMinute: number, plane: DataPlane): Throttle | null {
  return perMinute > 0 ? throttle(perMinute, plane.clock.now) : null;
}

/** Its clients send again whatever ends in 408, 409, 429 or 5xx, three times in all, and no header stops them. */
const resender = /\bai-sdk\//;
const resent = (status: number) => status === 408 || status === 409 || status === 429 || status >= 500;

/** As OpenAI's clients are told it, or FAL's. */
const isOnce = ({ headers }: Outgoing) =>
  headers['x-should-retry'] === 'false' || headers['x-fal-request-timeout-type'] === 'user';

/**
 * What may have been made already is made, and billed, again where its caller's client sends it again by itself. Where
 * only another status keeps a client from that, it gets one; `x-sluice-status` says which it would have been.
 */
export function keptFromResending(head: Pick<Head, 'header'>, answer: Outgoing): Outgoing {
  if (!isOnce(answer) || !resent(answer.status)) return answer;
  if (!resender.test(head.header('user-agent') ?? '')) return answer;
  return { ...answer, status: 424, headers: { ...answer.headers, 'x-sluice-status': String(answer.status) } };
}

/** Most requests are far below this, and never wait. */
const smallBytes = 64 * 1024;
/** A body, its text, and what leaves for the provider stand side by side. */
const copies = 3;
const roomWithinMs = 5000;

/**
 * The room of a large body, taken before its first byte is read; `keep` gives back what it did not need. null: it needs
 * none. A body that does not say its length may be as large as its route reads.
 */
export function requestRoom(
  plane: Pick<DataPlane, 'heldRequests' | 'generate'>,
  arriving: Pick<Arriving, 'header' | 'method'>,
  limitBytes: number,
): Promise<Place> | null {
  if (limitBytes <= smallBytes || arriving.method === 'GET' || arriving.method === 'HEAD') return null;
  const said = Number(arriving.header('content-length') ?? limitBytes);
  const bytes = said >= 0 ? Math.min(said, limitBytes) : limitBytes;
  return bytes <= smallBytes ? null : placeOf(plane, bytes);
}

async function placeOf(
  { heldRequests, generate }: Pick<DataPlane, 'heldRequests' | 'generate'>,
  bytes: number,
): Promise<Place> {
  const deadline = generate.startDeadline(roomWithinMs);
  const place = await heldRequests.take(bytes * copies, deadline.signal);
  deadline.clear();
  if (place) return { keep: (kept) => place.keep(kept * copies), free: place.free };
  const detail =
    'The body was not read: this process holds as many bytes of large requests as it may. Try again in 5 s.';
  throw new Problem(503, 'requests-full', detail, { headers: { 'retry-after': '5' } });
}
