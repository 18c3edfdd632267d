import { z } from 'zod';
import * as answers from '@/lib/api/answers/data-plane';
import type { DataPlane } from '@/lib/gateway/request/data-plane';
import type { Place } from '@/lib/gateway/request/held-bytes';
import { addressGroup } from '@/lib/http/defence/addresses';
import { type Throttle, throttle } from '@/lib/http/defence/throttle';
import type { Arriving, Handler, Head, Outgoing } from '@/lib/http/message';
import { type Entries, type Entry, type Methods, refusal } from '@/lib/http/respond';
import { anyone, type Caller } from '@/lib/registry/callers/caller';
import { type CallerRates, callerRates, requireScope } from './callers';
import { type DataPlaneDoor, generating, type KeyedRoute, type OpenRoute } from './data-route';
import { falRoutes } from './fal/fal-routes';
import { falKeysRoute } from './fal/own-keys';
import { jobRoutes } from './jobs/job-routes';
import { webhookRoute } from './jobs/webhooks';
import { openaiRoutes } from './openai/openai-routes';
import { lineFinder, writeProblemAt } from './paths';
import { type RelayDoor, relayDoor } from './relay/relay-door';
import { requestRoom } from './request-room';
import { controlLimitBytes, jsonOf } from './route';
import { eventsBody } from './sluice/event-body';
import { eventsHandler, voucherBody, vouchersHandler } from './sluice/events';
import { generateHandler } from './sluice/generate';
import { generateBody } from './sluice/generate-request';
import { healthHandler, liveHandler, readyHandler } from './sluice/health';
import { securityTxtHandler, securityTxtPath } from './sluice/security-txt';

const reporting = { method: 'POST', access: 'key', scope: 'events', limit: 'events' } as const;
const open = { method: 'GET', access: 'public' } as const;

/** What the front answers by itself, before Next. */
export const dataRoutes: readonly (KeyedRoute | OpenRoute)[] = [
  {
    ...generating,
    path: '/api/generate',
    summary: 'Make images',
    body: generateBody,
    answers: { 200: jsonOf(answers.generateAnswer, 'Made; the header Server-Timing says who took how long') },
    keyed: ({ plane }) => generateHandler(plane),
  },
  // Before the jobs, whose paths take whatever follows.
  webhookRoute,
  ...jobRoutes,
  ...openaiRoutes,
  ...falRoutes,
  falKeysRoute,
  {
    ...reporting,
    path: '/api/vouchers',
    summary: 'Issue a regenerate voucher for a request',
    body: voucherBody,
    answers: {
      200: jsonOf(answers.voucherAnswer, 'This request has had its voucher; nothing is counted twice'),
      201: jsonOf(answers.voucherAnswer, 'Issued'),
    },
    refusals: [404],
    keyed: ({ plane }) => vouchersHandler(plane),
  },
  {
    ...reporting,
    path: '/api/events',
    summary: 'Events of services without SQL access',
    limitBytes: 256 * 1024,
    body: eventsBody,
    answers: {
      202: jsonOf(answers.eventsAnswer, 'All taken'),
      207: jsonOf(answers.eventsAnswer, 'Some taken; `errors` says which were not, and why'),
    },
    keyed: ({ plane }) => eventsHandler(plane),
  },
  {
    ...open,
    path: '/api/health',
    summary: 'Providers and checks',
    answers: {
      200: jsonOf(answers.healthAnswer, 'Requests are served, perhaps degraded'),
      503: jsonOf(answers.healthAnswer, 'No request can be served'),
    },
    open: ({ plane }) => healthHandler(plane),
  },
  {
    ...open,
    path: '/api/health/live',
    summary: 'The process runs',
    answers: { 200: jsonOf(answers.liveAnswer) },
    open: liveHandler,
  },
  {
    ...open,
    path: '/api/health/ready',
    summary: 'The process can serve',
    answers: { 200: jsonOf(answers.readyAnswer), 503: jsonOf(answers.readyAnswer, 'Not ready, or draining') },
    open: ({ plane, isDraining }) => readyHandler(plane, isDraining),
  },
  {
    ...open,
    path: securityTxtPath,
    summary: 'Whom to tell about a vulnerability (RFC 9116); 404 where the operator has named nobody',
    answers: { 200: { description: 'RFC 9116', schema: z.string(), mediaType: 'text/plain' } },
    refusals: [404],
    open: ({ env, plane }) => securityTxtHandler(env, plane.clock.now),
  },
];

const lineOf = lineFinder(dataRoutes.map(({ path }) => path));

export function isDataPath(path: string): boolean {
  return lineOf(path) !== undefined;
}

/** Everything that the front answers by itself, with one count for all doors of a caller. */
export function dataPlaneDoors(door: DataPlaneDoor): { readonly entries: Entries; readonly relays: RelayDoor } {
  const limits = limitsOf(door);
  return { entries: entriesOf(door, limits), relays: relayDoor(door, { limit: limits.generate, rates: limits.rates }) };
}

function limitsOf({ plane, env }: DataPlaneDoor) {
  return {
    generate: limitOf(env.SLUICE_RATE_GENERATE, plane),
    events: limitOf(env.SLUICE_RATE_EVENTS, plane),
    none: null,
    rates: callerRates(plane.clock.now),
  };
}

/** Bound to the plane of this process, by path. */
function entriesOf(door: DataPlaneDoor, limits: ReturnType<typeof limitsOf>): Entries {
  const { rates } = limits;
  const entries = new Map<string, Entry>();
  for (const route of dataRoutes) {
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
