import type { ErrorKind } from '@/lib/gateway/providers/error-kind';
import type { Cancelled, JobRef, JobSeen } from '@/lib/gateway/providers/job-calls';
import { unread } from '@/lib/gateway/providers/job-unread';
import type { JobCalls } from '@/lib/gateway/providers/provider';
import { notConfigured } from '@/lib/gateway/providers/unserved';
import type { Deadline } from '@/lib/kernel/deadline';
import type { Asking, CreateRule, Dialect } from '@/lib/registry/dialects/dialect';
import { answerJson } from '../body/answer-json';
import { seenOf } from '../read-answer';
import { type Asked, askedOf, ruleCalled } from './ask';

/** What came of asking; without a status no answer came. */
type Heard =
  | { readonly status: number; readonly text: string; readonly retryAfterMs: number | null }
  | { readonly status: null; readonly errorKind: ErrorKind; readonly message: string };

export type Ask = (asked: Asked, deadline: Deadline) => Promise<Heard>;

/** How the jobs of a relay are followed when their callers do not ask: as the dialect says, one by one. */
export function jobCallsOf(dialect: Dialect, provider: string, ask: Ask): JobCalls {
  const { firstMs, floorMs, mostMs, ageLimitMs } = dialect.pace;
  const whyNot = `${provider} is a relay: its jobs are made by what comes to a prefix`;
  return {
    ...{ pace: { firstMs, floorMs, mostMs }, ageLimitMs, perPoll: 1, readsUnknown: false },
    create: async ({ model }) => notConfigured(provider, model.id, whyNot),
    poll: (jobs, deadline) => Promise.all(jobs.map((job) => look(dialect, job, ask, deadline))),
    cancel: (job, deadline) => cancel(dialect, job, ask, deadline),
  };
}

async function look(dialect: Dialect, job: JobRef, ask: Ask, deadline: Deadline): Promise<JobSeen> {
  const asked = askingOf(dialect, job, (rule) => rule.follow);
  if (asked === null) return unread('malformed', 'it is not known how this job is asked for');
  const heard = await ask(asked, deadline);
  if (heard.status === null) return unread(heard.errorKind, heard.message);
  const seen = seenOf(dialect, { status: heard.status, body: answerJson(heard.text) }, job.upstreamId ?? '');
  return seen.kind === 'unread' ? { ...seen, retryAfterMs: heard.retryAfterMs } : seen;
}

async function cancel(dialect: Dialect, job: JobRef, ask: Ask, deadline: Deadline): Promise<Cancelled> {
  const asked = askingOf(dialect, job, (rule) => rule.cancel);
  if (asked === null) return { kind: 'impossible' };
  const heard = await ask(asked, deadline);
  if (heard.status === null) return { kind: 'unread', errorKind: heard.errorKind, message: heard.message };
  if (heard.status < 300) return { kind: 'asked' };
  if (heard.status === 404 || heard.status === 410) return { kind: 'absent' };
  if (heard.status === 400 || heard.status === 409) return { kind: 'late' };
  const errorKind = heard.status === 401 || heard.status === 403 ? 'auth' : 'provider_5xx';
  return { kind: 'unread', errorKind, message: `HTTP ${heard.status}` };
}

function askingOf(
  dialect: Dialect,
  { upstreamId, upstream }: JobRef,
  which: (rule: CreateRule) => Asking | undefined,
): Asked | null {
  const rule = ruleCalled(dialect, upstream.rule);
  const asking = rule && which(rule);
  if (!asking || upstreamId === null) return null;
  const names = typeof upstream.names === 'object' && upstream.names !== null ? upstream.names : {};
  return askedOf(asking, { ...(names as Readonly<Record<string, string>>), id: upstreamId });
}
