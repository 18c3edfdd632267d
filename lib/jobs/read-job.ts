import type { JobParts } from './create-job';
import { type JobView, jobIdShape } from './job-view';

/** A job as its caller may see it; null: it has none of this id. */
export async function readJob({ views }: Pick<JobParts, 'views'>, id: string, caller: string): Promise<JobView | null> {
  const view = jobIdShape.test(id) ? await views.read(id) : null;
  return view?.caller === caller ? view : null;
}

/** `asked`: its provider is told, and the job says what came of it. `ended`: there was nothing left to stop. */
type Cancelling = { readonly kind: 'asked' | 'ended'; readonly job: JobView };

/** null: the caller has no such job. */
export async function cancelJob(
  parts: Pick<JobParts, 'views' | 'store'>,
  id: string,
  caller: string,
): Promise<Cancelling | null> {
  if (!jobIdShape.test(id)) return null;
  const asked = await parts.store.askCancel(id, caller);
  if (asked) {
    parts.views.note(asked);
    return { kind: 'asked', job: asked };
  }
  parts.views.forget(id);
  const job = await readJob(parts, id, caller);
  return job && { kind: 'ended', job };
}

/** From then on no webhook tells of it; false: it runs still, or is not there. */
export async function hideJob(parts: Pick<JobParts, 'views' | 'store'>, id: string, caller: string): Promise<boolean> {
  if (!jobIdShape.test(id) || !(await parts.store.hide(id, caller))) return false;
  parts.views.forget(id);
  return true;
}
