import { z } from 'zod';
import * as answers from '@/lib/api/answers/data-plane';
import type { Env } from '@/lib/config/env';
import type { Log } from '@/lib/config/log';
import type { DataPlane } from '@/lib/gateway/request/data-plane';
import { addressGroup } from '@/lib/http/defence/addresses';
import { type Throttle, throttle } from '@/lib/http/defence/throttle';
import type { Arriving, Handler, Head } from '@/lib/http/message';
import { problemResponse } from '@/lib/http/problem';
import { type Entry, refusal, type WriteProblem } from '@/lib/http/respond';
import { anyone, type Caller, type Scope } from '@/lib/registry/callers/caller';
import { type CallerRates, callerRates } from './caller-rates';
import { type CallerHandler, requireScope } from './callers';
import { openaiBody, openaiHandler } from './openai/openai';
import { openaiProblem } from './openai/openai-problem';
import { controlLimitBytes, type Description, jsonOf } from './route';
import { eventsBody } from './sluice/event-body';
import { eventsHandler, voucherBody, vouchersHandler } from './sluice/events';
import { generateHandler } from './sluice/generate';
import { generateBody } from './sluice/generate-request';
import { healthHandler, liveHandler, readyHandler } from './sluice/health';
import { securityTxtHandler, securityTxtPath } from './sluice/security-txt';

interface DataPlaneDoor {
  readonly plane: DataPlane;
  readonly env: Env;
  readonly log: Log;
  readonly isDraining: () => boolean;
  readonly whoCalls: (head: Head) => Caller;
}

/** For callers with a key of this scope; `limit` is whose calls are counted together. */
interface KeyedRoute extends Description {
  readonly access: 'key';
  readonly scope: Scope;
  readonly limit: 'generate' | 'events';
  readonly keyed: (door: DataPlaneDoor) => CallerHandler;
}

interface OpenRoute extends Description {
  readonly access: 'public';
  readonly open: (door: DataPlaneDoor) => Handler;
}

const generating = {
  ...({ method: 'POST', access: 'key', scope: 'generate', limit: 'generate', limitBytes: 64 * 1024 } as const),
  headers: z.object({
    'idempotency-key': z.string().max(255).optional().describe('the same key and body: the same answer, made once'),
  }),
  refusals: [409, 502, 504],
} as const;
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
  {
    ...generating,
    path: '/v1/images/generations',
    summary: 'The same in the shape of OpenAI',
    body: openaiBody,
    answers: { 200: jsonOf(answers.openaiAnswer, 'Made; x-sluice-provider names who made it') },
    keyed: ({ plane }) => openaiHandler(plane),
  },
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

/** Bound to the plane of this process, by path; each has one method. */
export function dataPlaneEntries(door: DataPlaneDoor): ReadonlyMap<string, Entry> {
  const { plane, env } = door;
  const limits = { generate: limitOf(env.SLUICE_RATE_GENERATE, plane), events: limitOf(env.SLUICE_RATE_EVENTS, plane) };
  const rates = callerRates(plane.clock.now);
  return new Map(
    dataRoutes.map((route) => {
      const handler = 'open' in route ? route.open(door) : admitted(route, door, { limit: limits[route.limit], rates });
      return [route.path, { limitBytes: route.limitBytes ?? controlLimitBytes, methods: { [route.method]: handler } }];
    }),
  );
}

interface Limits {
  /** The environment's, for every caller alike. */
  readonly limit: Throttle | null;
  /** Each caller's own. */
  readonly rates: CallerRates;
}

/** The body of a caller without the right to send it is not read. */
function admitted({ scope, keyed }: KeyedRoute, door: DataPlaneDoor, { limit, rates }: Limits): Handler {
  const handler = keyed(door);
  const admit = (arriving: Arriving): Caller => {
    const caller = door.whoCalls(arriving);
    requireScope(caller, scope);
    limit?.take(caller.name === anyone ? addressGroup(arriving.remote) : caller.name);
    rates.take(caller, 1);
    return caller;
  };
  return async (arriving) => {
    const caller = admit(arriving);
    try {
      return await handler(await arriving.received(), caller, (count) => rates.take(caller, count));
    } catch (error) {
      const { requestId, path } = arriving;
      return refusal(error, { requestId, path, caller: caller.name }, door.log, writeProblemAt(path));
    }
  };
}

function limitOf(perMinute: number, plane: DataPlane): Throttle | null {
  return perMinute > 0 ? throttle(perMinute, plane.clock.now) : null;
}

/** Whatever is refused below /v1/, and however early, is said as OpenAI's clients read it. */
export function writeProblemAt(path: string): WriteProblem {
  return path.startsWith('/v1/') ? openaiProblem : problemResponse;
}
