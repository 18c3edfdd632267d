import { Problem } from '@/lib/http/problem';
import type { Created } from '@/lib/jobs/create-job';
import { excerpt } from '@/lib/kernel/excerpt';
import { problemOf } from '../sluice/generate-problem';

type Headers = Readonly<Record<string, string>>;

/** Why an order did not become a job that runs, for its caller; `id` is what its door calls the job. */
export function jobProblemOf(created: Created, told: Headers, id: string | null): Problem {
  const { ending, attempts, weightsVersion } = created;
  if (ending.kind !== 'unknown' || id === null) return withJob(problemOf(created, told, 'a job'), id);
  const detail =
    `${ending.provider} was sent the job ${id}, and no usable answer came back: ${ending.message}. It may have begun it, ` +
    'so it is sent to nobody again; ask for the job, which says what became of it.';
  const members = { attempts, weights_version: weightsVersion, outcome: 'unknown', job_id: id };
  return new Problem(504, 'job-outcome-unknown', detail, { members, headers: { ...told, 'x-should-retry': 'false' } });
}

function withJob(problem: Problem, id: string | null): Problem {
  if (id === null) return problem;
  const { status, code, message, extra } = problem;
  return new Problem(status, code, message, { ...extra, members: { ...extra.members, job_id: id } });
}

/** A caller is not told of another's jobs, not even that they are there. */
export function unknownJob(id: string): Problem {
  return new Problem(404, 'unknown-job', `You have no job '${excerpt(id)}'.`);
}
