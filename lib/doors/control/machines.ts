import { z } from 'zod';
import { tickOutcome } from '@/lib/api/answers/judging';
import { env } from '@/lib/config/env';
import { simulatesInProcess } from '@/lib/config/preview';
import { type ControlRoute, jsonOf } from '@/lib/doors/route';
import { sandboxPicture } from '@/lib/gateway/providers/sandbox/in-process';
import { readQuery, wholeNumber } from '@/lib/http/read-query';
import { json, notFound } from '@/lib/http/respond';
import { requireScope } from '../callers';
import { requireCron } from './cron';
import { open } from './guarded';
import type { Planes } from './planes';

const interval = wholeNumber([10, 3600], 'seconds between two calls, 10 to 3600; 60 if left out');
const outcomes = {
  query: z.object({ interval }),
  answers: {
    200: jsonOf(tickOutcome, 'Decided, or skipped: this slot has had its tick'),
    503: jsonOf(tickOutcome, 'Failed; the answer says why'),
  },
};

const tick: ControlRoute<Planes>['handle'] = async (arriving, { controlPlane }) => {
  const plane = controlPlane();
  requireCron(arriving, plane.cronSecret, plane.wrong);
  plane.throttles.cron.take('scheduler');
  const { interval = 60 } = readQuery(outcomes.query, arriving.query);
  const outcome = await plane.tick('cron', interval);
  return outcome.result === 'failed' ? json(503, outcome, { 'retry-after': '5' }) : json(200, outcome);
};

const svg = 'image/svg+xml';
const picture = { answers: { 200: { description: 'The picture', schema: z.string(), mediaType: svg } } };
const page = { description: 'The text format of Prometheus', schema: z.string(), mediaType: 'text/plain' };

/** What schedulers, scrapers and browsers ask for by themselves. */
export const machineRoutes = [
  open('GET /api/cron/watchdog', 'cron', 'One tick', outcomes, tick),
  open('POST /api/cron/watchdog', 'cron', 'One tick', outcomes, tick),
  open('GET /metrics', 'key', 'Prometheus', { answers: { 200: page } }, async (arriving, { runtime, metrics }) => {
    requireScope(runtime().whoCalls(arriving), 'metrics');
    const { type, text } = await metrics()();
    return { status: 200, headers: { 'content-type': type, 'cache-control': 'no-store' }, body: text };
  }),
  open(
    'GET /images/{picture}',
    'public',
    'A picture of the providers that a keyless preview simulates in process; 404 anywhere else',
    picture,
    async ({ path, query }) => {
      const drawn = simulatesInProcess(env()) ? sandboxPicture(`http://sandbox${path}?${query}`) : null;
      if (drawn === null) throw notFound(path);
      return { status: 200, headers: { 'content-type': svg, 'cache-control': 'public, max-age=3600' }, body: drawn };
    },
  ),
];
