import type { JobState } from '@/lib/jobs/job-state';
import { publicFault } from '@/lib/jobs/job-view';
import type { ToldJob } from '@/lib/jobs/webhooks/caller-webhooks';
import { falHeaders, type OwnKey } from '@/lib/jobs/webhooks/own-key';
import type { WebhookRequest } from '@/lib/notify/post-webhook';
import { signedHeaders } from '@/lib/notify/standard-webhooks';
import { resultOf } from '../fal/queue-status';
import { shownJob } from './shown-job';

interface Signing {
  readonly messageId: string;
  readonly nowMs: number;
  readonly ownKey: OwnKey;
}

const json = { 'content-type': 'application/json; charset=utf-8' };
const types: Readonly<Partial<Record<JobState, string>>> = {
  completed: 'job.completed',
  cancelled: 'job.cancelled',
  expired: 'job.expired',
};

/** What a caller is told of a job that has ended, in the way of the door that it came by. */
export function jobLetter(told: ToldJob, signing: Signing): WebhookRequest {
  return told.job.door === 'fal' ? falLetter(told, signing) : ownLetter(told, signing);
}

/** By Standard Webhooks; `data` is the job as GET /api/jobs/{id} tells of it. */
function ownLetter({ job, slug, url, secrets }: ToldJob, { messageId, nowMs }: Signing): WebhookRequest {
  const body = JSON.stringify({
    type: types[job.state] ?? 'job.failed',
    timestamp: (job.endedAt ?? job.createdAt).toISOString(),
    data: shownJob(job, slug),
  });
  return { url, headers: { ...json, ...signedHeaders(secrets, messageId, nowMs, body) }, body };
}

/** As FAL tells of a request: what the model answered, or why it did not. */
function falLetter({ job, url }: ToldJob, { nowMs, ownKey }: Signing): WebhookRequest {
  const { id, caller: userId, httpStatus } = job;
  const fault = publicFault(job);
  const error = httpStatus !== null && httpStatus >= 400 ? `Invalid status code: ${httpStatus}` : fault?.message;
  const body = JSON.stringify({
    ...{ request_id: id, gateway_request_id: id, status: fault === null ? 'OK' : 'ERROR' },
    ...(fault !== null && { error }),
    payload: JSON.parse(resultOf(job, {}).body),
  });
  return { url, headers: { ...json, ...falHeaders(ownKey, { requestId: id, userId, nowMs, body }) }, body };
}
