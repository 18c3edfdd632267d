import { z } from 'zod';
import type { Role } from '@/lib/api/snapshot';
import type { Method } from '@/lib/http/respond';
import { policySchema } from '@/lib/split/policy/policy-schema';
import { openaiBody } from '../openai/openai';
import { eventsBody } from '../sluice/event-body';
import { voucherBody } from '../sluice/events';
import { generateBody } from '../sluice/generate-request';

/** Who may call: a role of the control plane, the data plane's key, the scheduler's secret, or anybody. */
export type Access = Role | 'key' | 'cron' | 'public';

export interface RouteEntry {
  readonly method: Method;
  readonly path: string;
  readonly access: Access;
  readonly summary: string;
  readonly ifMatch?: 'required' | 'optional';
  /** The JSON body as its handler reads it, or its fields; a name that ends in `?` may be left out. */
  readonly body?: z.ZodType | Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
}

const reason = { 'reason?': 'string, at most 500 characters; the journal keeps it' };
const reasonText = z.string().max(500).nullish().describe('the journal keeps it');
const override = { 'override?': 'boolean; go although a gate is closed, with a reason' };
const span = { window: 'duration such as 1h, 6h, 24h or 10d', from: 'instant', to: 'instant' };

/** Every route of this service, in one table: /api/openapi.json and the test of roles read it. */
export const routes: readonly RouteEntry[] = [
  {
    method: 'GET',
    path: '/api/rollout',
    access: 'viewer',
    summary: 'Everything an operator needs; ETag = version',
  },
  {
    method: 'POST',
    path: '/api/rollout/advance',
    access: 'operator',
    summary: 'One step along the plan, if every gate is open',
    ifMatch: 'required',
    body: { to: 'string, name of the next stage', ...reason, ...override },
  },
  {
    method: 'POST',
    path: '/api/rollout/rollback',
    access: 'operator',
    summary: 'Back to the baseline at once; obeys no gate and no version',
    ifMatch: 'optional',
    body: reason,
  },
  {
    method: 'POST',
    path: '/api/rollout/pause',
    access: 'operator',
    summary: 'Stop promotion; rollback stays armed',
    ifMatch: 'required',
    body: reason,
  },
  {
    method: 'POST',
    path: '/api/rollout/resume',
    access: 'operator',
    summary: 'Go on after a pause',
    ifMatch: 'required',
    body: reason,
  },
  {
    method: 'POST',
    path: '/api/rollout/rearm',
    access: 'operator',
    summary: 'Allow a new start after a rollback',
    ifMatch: 'required',
    body: { reason: 'string; why it is safe to begin again' },
  },
  {
    method: 'PUT',
    path: '/api/rollout/weights',
    access: 'operator',
    summary: 'Weights by hand; raising the candidate obeys the gates',
    ifMatch: 'required',
    body: z.object({
      weights: z.record(z.string(), z.number().min(0).max(1)).describe('provider → share; their sum is 1'),
      reason: reasonText,
      override: z.boolean().optional().describe('go although a gate is closed, with a reason'),
    }),
  },
  { method: 'GET', path: '/api/alerts', access: 'viewer', summary: 'Open alerts' },
  {
    method: 'POST',
    path: '/api/alerts/{id}/acknowledge',
    access: 'operator',
    summary: 'Somebody has seen it',
    body: reason,
  },
  { method: 'GET', path: '/api/policy', access: 'viewer', summary: 'The policy that judges; ETag = its version' },
  {
    method: 'PUT',
    path: '/api/policy',
    access: 'operator',
    summary:
      'Save a policy; 409 confirmation-needed when a line would be crossed now or would have acted in the last hour',
    ifMatch: 'required',
    body: z.object({
      policy: policySchema,
      confirm: z.boolean().optional().describe('save it although it would act at once'),
      reason: reasonText,
    }),
  },
  {
    method: 'POST',
    path: '/api/replay',
    access: 'viewer',
    summary: 'What a policy would have done over a span of the log',
    body: { 'policy?': 'object', 'window?': 'duration', 'from?': 'instant', 'to?': 'instant' },
  },
  {
    method: 'GET',
    path: '/api/metrics',
    access: 'viewer',
    summary: 'Both providers over time against the red lines',
    query: span,
  },
  {
    method: 'GET',
    path: '/api/journal',
    access: 'viewer',
    summary: 'Every change, newest first',
    query: {
      limit: '1 to 500',
      before: 'id',
      flag: 'flag key',
      actor: 'text',
      verb: 'text',
      text: 'text',
      from: 'instant',
      to: 'instant',
      format: 'json or csv',
    },
  },
  { method: 'GET', path: '/api/journal/{id}', access: 'viewer', summary: 'One entry' },
  {
    method: 'GET',
    path: '/api/stream',
    access: 'viewer',
    summary: 'Server-sent events: `snapshot`, `still`, `trouble`',
  },
  { method: 'GET', path: '/api/session', access: 'viewer', summary: 'Who am I' },
  {
    method: 'POST',
    path: '/api/session',
    access: 'public',
    summary: 'Sign in by one of the ways; answers a cookie',
    body: {
      'token?': 'string; SLUICE_ADMIN_TOKEN or an operator token',
      'link?': 'string; of a one-time sign-in link',
      'email?': 'string; with password, code or send_code (Supabase)',
      'password?': 'string',
      'code?': 'string; from the mail',
      'mfa_code?': 'string; of the second factor, beside password or code',
      'token_hash?': 'string; of a mailed link',
      'send_code?': 'boolean; mail me a link and a code',
    },
  },
  { method: 'DELETE', path: '/api/session', access: 'public', summary: 'Sign out' },
  { method: 'GET', path: '/api/operators', access: 'admin', summary: 'Operators, without their tokens' },
  {
    method: 'POST',
    path: '/api/operators',
    access: 'admin',
    summary: 'Add an operator; the token is answered this once',
    body: { name: 'string', role: 'viewer, operator or admin', 'valid_days?': 'integer' },
  },
  { method: 'DELETE', path: '/api/operators/{name}', access: 'admin', summary: 'Revoke a token and its sessions' },
  { method: 'GET', path: '/api/sessions', access: 'admin', summary: 'Open sessions, without what is in their cookies' },
  { method: 'DELETE', path: '/api/sessions/{id}', access: 'admin', summary: 'End a session' },
  { method: 'GET', path: '/api/alert-channels', access: 'admin', summary: 'Where alerts go, without secrets' },
  {
    method: 'POST',
    path: '/api/alert-channels',
    access: 'admin',
    summary: 'Add a channel; its address must be public https',
    body: { kind: 'webhook, slack, feishu, dingtalk or wecom', url: 'string', 'secret?': 'string' },
  },
  { method: 'DELETE', path: '/api/alert-channels/{id}', access: 'admin', summary: 'Remove a channel' },
  {
    method: 'POST',
    path: '/api/alert-channels/{id}/test',
    access: 'admin',
    summary: 'Send a test message now',
  },
  { method: 'GET', path: '/metrics', access: 'key', summary: 'Prometheus' },
  { method: 'GET', path: '/api/cron/watchdog', access: 'cron', summary: 'One tick' },
  { method: 'POST', path: '/api/cron/watchdog', access: 'cron', summary: 'One tick' },
  { method: 'GET', path: '/api/openapi.json', access: 'public', summary: 'This description' },
  {
    method: 'POST',
    path: '/api/generate',
    access: 'key',
    summary: 'Make images',
    body: generateBody,
  },
  {
    method: 'POST',
    path: '/v1/images/generations',
    access: 'key',
    summary: 'The same in the shape of OpenAI',
    body: openaiBody,
  },
  {
    method: 'POST',
    path: '/api/vouchers',
    access: 'key',
    summary: 'Issue a regenerate voucher for a request',
    body: voucherBody,
  },
  {
    method: 'POST',
    path: '/api/events',
    access: 'key',
    summary: 'Events of services without SQL access',
    body: eventsBody,
  },
  { method: 'GET', path: '/api/health', access: 'public', summary: 'Providers and checks' },
  { method: 'GET', path: '/api/health/live', access: 'public', summary: 'The process runs' },
  {
    method: 'GET',
    path: '/.well-known/security.txt',
    access: 'public',
    summary: 'Whom to tell about a vulnerability (RFC 9116); 404 where the operator has named nobody',
  },
  {
    method: 'GET',
    path: '/images/{picture}',
    access: 'public',
    summary: 'A picture of the providers that a keyless preview simulates in process; 404 anywhere else',
  },
  { method: 'GET', path: '/api/health/ready', access: 'public', summary: 'The process can serve' },
];
