import type { Env } from '@/lib/config/env';
import type { Log } from '@/lib/config/log';
import type { DataPlane } from '@/lib/operations/data-plane';
import { requireApiKey } from './api-key';
import { eventsHandler, vouchersHandler } from './events';
import { generateHandler } from './generate';
import { healthHandler, liveHandler, readyHandler } from './health';
import type { Handler, Incoming, Outgoing } from './message';
import { openaiHandler } from './openai';
import { answer, type Methods } from './respond';
import { throttle } from './throttle';

export const generateLimitBytes = 64 * 1024;
const eventsLimitBytes = 256 * 1024;
const controlLimitBytes = 16 * 1024;

/** A route of the data plane, ready for any door: the front, or a Next route file. */
export interface Entry {
  readonly limitBytes: number;
  answer(incoming: Incoming): Promise<Outgoing>;
}

export interface DataPlaneDoor {
  readonly plane: DataPlane;
  readonly env: Env;
  readonly log: Log;
  readonly isDraining: () => boolean;
}

export function dataPlaneEntries(door: DataPlaneDoor): ReadonlyMap<string, Entry> {
  const { plane, env, log } = door;
  const isKeyed = env.SLUICE_API_KEYS.length > 0;
  const keyed = (handler: Handler, perMinute: number): Handler => {
    const limit = perMinute > 0 ? throttle(perMinute, plane.clock.now) : null;
    return (incoming) => {
      requireApiKey(incoming, env.SLUICE_API_KEYS);
      // A header that nobody checks would be a new caller at every request.
      limit?.take((isKeyed ? incoming.header('authorization') : null) ?? incoming.remote ?? '');
      return handler(incoming);
    };
  };
  const entry = (methods: Methods, limitBytes: number): Entry => ({
    limitBytes,
    answer: (incoming) => answer(methods, incoming, log),
  });
  const generate = keyed(generateHandler(plane), env.SLUICE_RATE_GENERATE);
  const openai = keyed(openaiHandler(plane), env.SLUICE_RATE_GENERATE);
  const events = keyed(eventsHandler(plane), env.SLUICE_RATE_EVENTS);
  const vouchers = keyed(vouchersHandler(plane), env.SLUICE_RATE_EVENTS);
  return new Map([
    ['/api/generate', entry({ POST: generate }, generateLimitBytes)],
    ['/v1/images/generations', entry({ POST: openai }, generateLimitBytes)],
    ['/api/events', entry({ POST: events }, eventsLimitBytes)],
    ['/api/vouchers', entry({ POST: vouchers }, controlLimitBytes)],
    ['/api/health', entry({ GET: healthHandler(plane) }, controlLimitBytes)],
    ['/api/health/live', entry({ GET: liveHandler() }, controlLimitBytes)],
    ['/api/health/ready', entry({ GET: readyHandler(plane, door.isDraining) }, controlLimitBytes)],
  ]);
}
