import type { z } from 'zod';
import * as control from './control-plane';
import * as data from './data-plane';
import { metricsView } from './metrics';
import { snapshot } from './snapshot';

/** One good answer of a route: its words, and the shape of its body where that is JSON. */
export interface Answer {
  readonly description: string;
  readonly schema?: z.ZodType;
  readonly mediaType?: string;
}

const json = (schema: z.ZodType, description = 'Done'): Answer => ({
  description,
  schema,
  mediaType: 'application/json',
});
const plain = (description: string, mediaType = 'text/plain'): Answer => ({ description, mediaType });
const written = { 200: json(control.written, 'Written; ETag is the new version') };

/** By method and path, then by status. What is not here answers 200 without a promised shape. */
export const answersByRoute: Readonly<Record<string, Readonly<Record<number, Answer>>>> = {
  'GET /api/rollout': { 200: json(snapshot, 'Everything an operator needs; ETag = version') },
  'POST /api/rollout/advance': written,
  'POST /api/rollout/rollback': written,
  'POST /api/rollout/pause': written,
  'POST /api/rollout/resume': written,
  'POST /api/rollout/rearm': written,
  'PUT /api/rollout/weights': written,
  'GET /api/alerts': { 200: json(control.alerts) },
  'POST /api/alerts/{id}/acknowledge': { 200: json(control.acknowledged) },
  'GET /api/policy': { 200: json(control.policyView, 'ETag = its version') },
  'PUT /api/policy': written,
  'GET /api/metrics': { 200: json(metricsView) },
  'GET /api/journal': { 200: json(control.journal, 'With format=csv: text/csv') },
  'GET /api/journal/{id}': { 200: json(control.journalEntry) },
  'GET /api/stream': {
    200: plain('Server-sent events; `snapshot` has the body of GET /api/rollout', 'text/event-stream'),
  },
  'GET /api/session': { 200: json(control.who) },
  'POST /api/session': { 200: json(control.who, 'Signed in, by a cookie'), 202: json(control.codeSent, 'Mailed') },
  'DELETE /api/session': { 200: json(control.signedOut) },
  'GET /api/sessions': { 200: json(control.sessions) },
  'DELETE /api/sessions/{id}': { 200: json(control.sessionEnded) },
  'GET /api/operators': { 200: json(control.operators) },
  'POST /api/operators': { 201: json(control.operatorAdded, 'Added; the token is answered this once') },
  'DELETE /api/operators/{name}': { 200: json(control.operatorRevoked) },
  'GET /api/alert-channels': { 200: json(control.channels) },
  'POST /api/alert-channels': { 201: json(control.channelAdded, 'Added') },
  'DELETE /api/alert-channels/{id}': { 200: json(control.channelRemoved) },
  'POST /api/alert-channels/{id}/test': { 200: json(control.channelTested) },
  'GET /metrics': { 200: plain('The text format of Prometheus') },
  'POST /api/generate': { 200: json(data.generateAnswer, 'Made; the header Server-Timing says who took how long') },
  'POST /v1/images/generations': { 200: json(data.openaiAnswer, 'Made; x-sluice-provider names who made it') },
  'POST /api/events': {
    202: json(data.eventsAnswer, 'All taken'),
    207: json(data.eventsAnswer, 'Some taken; `errors` says which were not, and why'),
  },
  'POST /api/vouchers': {
    200: json(data.voucherAnswer, 'This request has had its voucher; nothing is counted twice'),
    201: json(data.voucherAnswer, 'Issued'),
  },
  'GET /api/health': {
    200: json(data.healthAnswer, 'Requests are served, perhaps degraded'),
    503: json(data.healthAnswer, 'No request can be served'),
  },
  'GET /api/health/live': { 200: json(data.liveAnswer) },
  'GET /api/health/ready': { 200: json(data.readyAnswer), 503: json(data.readyAnswer, 'Not ready, or draining') },
  'GET /.well-known/security.txt': { 200: plain('RFC 9116') },
  'GET /images/{picture}': { 200: plain('The picture', 'image/svg+xml') },
};
