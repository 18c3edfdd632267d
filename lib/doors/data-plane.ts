import { z } from 'zod';
import * as answers from '@/lib/api/answers/data-plane';
import type { Entries } from '@/lib/http/respond';
import { entriesOf, limitsOf, lineFinder } from './data-door';
import { type DataPlaneDoor, generating, type KeyedRoute, type OpenRoute } from './data-route';
import { falRoutes } from './fal/fal-routes';
import { falKeysRoute } from './fal/own-keys';
import { jobRoutes } from './jobs/job-routes';
import { webhookRoute } from './jobs/webhooks';
import { openaiRoutes } from './openai/openai-routes';
import { type RelayDoor, relayDoor } from './relay/relay-door';
import { jsonOf } from './route';
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
  return {
    entries: entriesOf(dataRoutes, door, limits),
    relays: relayDoor(door, { limit: limits.generate, rates: limits.rates }),
  };
}
