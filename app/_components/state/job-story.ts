import type { JobDetail } from '@/lib/api/jobs-view';
import type { IconName } from '../ui/icon';
import type { Tone } from './condition';
import { jobLook } from './job-look';

/** One line of a job's story. Without `at` it is so now, or it is not known when it was. */
export interface Chapter {
  readonly what:
    | 'created'
    | 'tried'
    | 'tried_in_vain'
    | 'accepted'
    | 'begun'
    | 'cancel_asked'
    | 'looked_at'
    | 'blocked'
    | 'ended'
    | 'settled'
    | 'links_die';
  readonly at: string | null;
  readonly tone: Tone;
  readonly icon: IconName;
  /** Of an attempt. */
  readonly provider?: string;
  readonly latencyMs?: number | null;
  /** In the provider's words. */
  readonly detail?: string | null;
}

/** What happened to a job, in the order in which it did. */
export function storyOf(job: JobDetail): readonly Chapter[] {
  const attempts = attemptsOf(job);
  const timed = [
    chapter('created', job.created_at, 'unknown', 'dot'),
    ...attempts.filter(({ at }) => at !== null),
    ...acceptedOf(job),
    ...(job.started_at === null ? [] : [chapter('begun', job.started_at, 'well', 'play')]),
    ...(job.cancel_asked_at === null
      ? []
      : [chapter('cancel_asked', job.cancel_asked_at, 'caution', 'dash', job.cancel_said)]),
    ...endOf(job),
    ...(job.expires_at === null ? [] : [chapter('links_die', job.expires_at, 'unknown', 'link')]),
  ];
  const [first, ...rest] = timed.toSorted((a, b) => Date.parse(a.at ?? '') - Date.parse(b.at ?? ''));
  const untimed = attempts.filter(({ at }) => at === null);
  return [...(first ? [first] : []), ...untimed, ...rest, ...nowOf(job)];
}

function chapter(what: Chapter['what'], at: string | null, tone: Tone, icon: IconName, detail: string | null = null) {
  return { what, at, tone, icon, detail } satisfies Chapter;
}

function acceptedOf({ accepted_at, attempts, upstream_id }: JobDetail): Chapter[] {
  if (accepted_at === null) return [];
  const latencyMs = attempts.find(({ error_kind }) => error_kind === null)?.latency_ms ?? null;
  return [{ ...chapter('accepted', accepted_at, 'well', 'check', upstream_id), latencyMs }];
}

/** The row says what came of each, the log says when. The one that was accepted has a line of its own. */
function attemptsOf({ attempts, events, accepted_at }: JobDetail): Chapter[] {
  const told = attempts.filter(({ error_kind }) => error_kind !== null || accepted_at === null);
  return told.map(({ attempt, provider, latency_ms: latencyMs, error_kind, error }) => {
    const row = events.find((event) => event.type === 'split_route' && event.attempt === attempt);
    const failed = error_kind !== null || error !== null;
    return {
      ...chapter(failed ? 'tried_in_vain' : 'tried', row?.at ?? null, failed ? 'breach' : 'well', 'forward'),
      ...{ provider, latencyMs },
      detail: failed ? [error_kind, error].filter(Boolean).join(': ') : null,
    };
  });
}

function endOf({ ended_at, state, error_kind, error }: JobDetail): Chapter[] {
  if (ended_at === null) return [];
  const { tone, icon } = jobLook(state);
  const why = error === null ? null : [error_kind, error].filter(Boolean).join(': ');
  return [chapter('ended', ended_at, tone, icon, why), chapter('settled', ended_at, 'unknown', 'book')];
}

function nowOf({ ended_at, blocked, polls }: JobDetail): Chapter[] {
  if (ended_at !== null) return [];
  const looks = chapter('looked_at', null, 'unknown', 'eye');
  return [
    ...(polls > 0 || blocked === null ? [looks] : []),
    ...(blocked === null ? [] : [chapter('blocked', null, 'caution', 'pause', blocked)]),
  ];
}
