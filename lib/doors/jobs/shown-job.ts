import type { z } from 'zod';
import type { jobAnswer } from '@/lib/api/answers/jobs';
import { type JobView, publicFault, publicStatus } from '@/lib/jobs/job-view';

/** A job as our own door tells of it: asked for, streamed, or by webhook. */
export function shownJob(job: JobView, slug: string): z.infer<typeof jobAnswer> {
  const { price_key: _, ...request } = job.request;
  return {
    id: job.id,
    status: publicStatus(job.state),
    request_id: job.requestId,
    split: slug,
    arm: job.arm,
    provider: job.provider,
    model: job.model,
    weights_version: job.weightsVersion,
    request,
    progress: job.progress,
    queue_position: job.queuePosition,
    outputs: job.outputs.map(outputOf),
    error: publicFault(job),
    cost_usd: job.costUsd,
    cost_basis: job.costBasis,
    charged: job.charged,
    cancel_asked: job.cancelAskedAt !== null,
    blocked: job.blocked,
    created_at: job.createdAt.toISOString(),
    started_at: job.startedAt?.toISOString() ?? null,
    ended_at: job.endedAt?.toISOString() ?? null,
    expires_at: job.expiresAt?.toISOString() ?? null,
  };
}

function outputOf({ contentType, thumbnailUrl, ...rest }: JobView['outputs'][number]) {
  return { ...rest, content_type: contentType, thumbnail_url: thumbnailUrl };
}
