import type { DataPlane } from '@/lib/gateway/request/data-plane';
import type { JobView } from '@/lib/jobs/job-view';

/** What every answer about a job says of where it runs. */
export function jobHeaders(plane: DataPlane, job: JobView, requestId: string): Record<string, string> {
  const { weightsVersion, arm } = job;
  return {
    'x-request-id': requestId,
    'x-sluice-split': slugOf(plane, job),
    'x-sluice-arm': arm,
    ...(weightsVersion === null ? {} : { 'x-sluice-version': String(weightsVersion) }),
  };
}

export function slugOf({ splits }: Pick<DataPlane, 'splits'>, { split }: JobView): string {
  return splits.all.get(split)?.slug ?? split;
}
