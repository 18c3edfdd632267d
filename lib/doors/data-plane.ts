import type { Env } from '@/lib/config/env';
import type { Log } from '@/lib/config/log';
import { anyone, type Caller, type Scope } from '@/lib/gateway/request/caller';
import type { DataPlane } from '@/lib/gateway/request/data-plane';
import { addressGroup } from '@/lib/http/defence/caller-address';
import { type Throttle, throttle } from '@/lib/http/defence/throttle';
import type { Arriving, Handler, Head, Outgoing } from '@/lib/http/message';
import { answer, refusal } from '@/lib/http/respond';
import { type CallerHandler, requireScope } from './callers';
import { openaiHandler } from './openai/openai';
import { eventsHandler, vouchersHandler } from './sluice/events';
import { generateHandler } from './sluice/generate';
import { healthHandler, liveHandler, readyHandler } from './sluice/health';
import { securityTxtHandler, securityTxtPath } from './sluice/security-txt';

export const generateLimitBytes = 64 * 1024;
const eventsLimitBytes = 256 * 1024;
const controlLimitBytes = 16 * 1024;

/** A route of the data plane, ready for any door: the front, or a Next route file. */
export interface Entry {
  readonly limitBytes: number;
  answer(arriving: Arriving): Promise<Outgoing>;
}

export interface DataPlaneDoor {
  readonly plane: DataPlane;
  readonly env: Env;
  readonly log: Log;
  readonly isDraining: () => boolean;
  readonly whoCalls: (head: Head) => Caller;
}

export function dataPlaneEntries(door: DataPlaneDoor): ReadonlyMap<string, Entry> {
  const { plane, env, log, whoCalls } = door;
  const limits = { generate: limitOf(env.SLUICE_RATE_GENERATE, plane), events: limitOf(env.SLUICE_RATE_EVENTS, plane) };
  const keyed = (scope: Scope, limit: Throttle | null, limitBytes: number, handler: CallerHandler): Entry => {
    const admit = (arriving: Arriving): Caller => {
      const caller = whoCalls(arriving);
      requireScope(caller, scope);
      limit?.take(caller.name === anyone ? addressGroup(arriving.remote) : caller.name);
      return caller;
    };
    const methods = { POST: admitted(admit, handler, log) };
    return { limitBytes, answer: (arriving) => answer(methods, arriving, log) };
  };
  const open = (handler: Handler): Entry => {
    const methods = { GET: handler };
    return { limitBytes: controlLimitBytes, answer: (arriving) => answer(methods, arriving, log) };
  };
  return new Map([
    ['/api/generate', keyed('generate', limits.generate, generateLimitBytes, generateHandler(plane))],
    ['/v1/images/generations', keyed('generate', limits.generate, generateLimitBytes, openaiHandler(plane))],
    ['/api/events', keyed('events', limits.events, eventsLimitBytes, eventsHandler(plane))],
    ['/api/vouchers', keyed('events', limits.events, controlLimitBytes, vouchersHandler(plane))],
    ['/api/health', open(healthHandler(plane))],
    ['/api/health/live', open(liveHandler())],
    ['/api/health/ready', open(readyHandler(plane, door.isDraining))],
    [securityTxtPath, open(securityTxtHandler(env, plane.clock.now))],
  ]);
}

/** Nobody's body is read who may not send it. */
function admitted(admit: (arriving: Arriving) => Caller, handler: CallerHandler, log: Log) {
  return async (arriving: Arriving): Promise<Outgoing> => {
    const caller = admit(arriving);
    try {
      return await handler(await arriving.received(), caller);
    } catch (error) {
      return refusal(error, { requestId: arriving.requestId, path: arriving.path, caller: caller.name }, log);
    }
  };
}

function limitOf(perMinute: number, plane: DataPlane): Throttle | null {
  return perMinute > 0 ? throttle(perMinute, plane.clock.now) : null;
}
