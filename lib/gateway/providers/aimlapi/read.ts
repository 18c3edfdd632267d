import type { Fields } from '../../models/image-request';
import { chargedOf, type JobRef, type JobSeen, unknownCost } from '../job-calls';
import { unread, unreadFault } from '../job-unread';
import { type CallFacts, type Fault, failure, isFitImageUrl, parseAs, readable } from '../outcome';
import { plannedCost, plannedSeconds } from '../planned';
import type { ProviderResult } from '../provider';
import { unreadable } from '../unreadable';
import type { Answered } from '../upstream';
import { type AimlapiGeneration, aimlapiError, aimlapiGeneration } from './answer';
import { aimlapiFault, isRefusedText } from './error';

/** The words of today, and those of its older doors. */
const phases: Readonly<Record<string, 'queued' | 'running' | 'completed' | 'failed'>> = {
  ...{ queued: 'queued', waiting: 'queued', pending: 'queued' },
  ...{ generating: 'running', active: 'running', processing: 'running', in_progress: 'running' },
  ...{ completed: 'completed', error: 'failed', failed: 'failed' },
};

/** Any answer to a create → the generation it was accepted as, or why there is none. */
export function readCreated(answer: Answered, facts: CallFacts, upstream: Fields, key: string): ProviderResult {
  if (!isWell(answer)) {
    const providerRequestId = parseAs(aimlapiError, answer.text)?.requestId ?? null;
    return failure({ ...facts, providerRequestId }, aimlapiFault(answer, key));
  }
  const made = parseAs(aimlapiGeneration, answer.text);
  if (!made) return failure(facts, errorWithin(answer, key) ?? unreadable(answer));
  const known = { ...facts, providerRequestId: made.id };
  if (phases[made.status] === 'failed') {
    const { errorKind, message } = reasonOf(made, key);
    return failure(known, { errorKind, message, httpStatus: answer.status, started: 'yes' });
  }
  return { ok: true, ...known, images: [], ...unknownCost, accepted: { upstreamId: made.id, upstream } };
}

/** An error that comes with 200, in the words of the others. */
function errorWithin(answer: Answered, key: string): Fault | null {
  if (parseAs(aimlapiError, answer.text) === null) return null;
  return { ...aimlapiFault(answer, key), errorKind: 'malformed', started: 'unknown' };
}

export const isWell = ({ status }: Answered): boolean => status === 200 || status === 201;

/** An answer that is well → what it says of the generation. */
export function readGeneration(answer: Answered, job: JobRef, baseUrl: string, key: string): JobSeen {
  const { upstreamId, upstream } = job;
  const found = parseAs(aimlapiGeneration, answer.text);
  if (!found) return unreadFault(errorWithin(answer, key) ?? unreadable(answer));
  if (found.id !== upstreamId)
    return unread('malformed', `asked for ${upstreamId}, it answered with ${readable(found.id, key)}`);
  const phase = Object.hasOwn(phases, found.status) ? phases[found.status] : undefined;
  if (phase === undefined)
    return unread('malformed', `its status is "${readable(found.status, key)}", which is none that we know`);
  if (phase === 'queued' || phase === 'running') return { kind: 'running', phase, progress: null };
  // It is charged when it is created; whether that is given back is not said.
  const charged = chargedOf(found.meta?.usage?.credits_used ?? null);
  const failed = { kind: 'failed', httpStatus: answer.status, payload: found, charged, ...unknownCost } as const;
  if (phase === 'failed') return { ...failed, ...reasonOf(found, key) };
  const { video } = found;
  if (!video) return { ...failed, errorKind: 'empty', message: 'it is completed, and no video came of it' };
  if (!isFitImageUrl(video.url, baseUrl)) {
    return { ...failed, errorKind: 'malformed', message: 'it is completed, and its video has no https address' };
  }
  const seconds = video.duration ?? undefined;
  const output = { url: video.url, kind: 'video', contentType: 'video/mp4', seconds } as const;
  return {
    kind: 'completed',
    outputs: [output],
    payload: found,
    units: seconds ?? plannedSeconds(upstream),
    linksForMs: null,
    ...plannedCost(upstream),
  };
}

function reasonOf({ error }: AimlapiGeneration, key: string) {
  const words = typeof error === 'string' ? error : [error?.name, error?.message].filter(Boolean).join(': ');
  const message = readable(words || 'it failed without a reason', key);
  const errorKind = isRefusedText(message) ? ('content_policy' as const) : ('provider_5xx' as const);
  return { errorKind, message };
}
