import { z } from 'zod';
import { type JobOutlookView, jobOutlook } from '@/lib/api/answers/job-outlook';
import * as answers from '@/lib/api/answers/operated-jobs';
import type { InFlightView, JobsView } from '@/lib/api/jobs-view';
import { jobOutcomes } from '@/lib/control/rollout/job-outcomes';
import { type ControlRoute, jsonOf, ok } from '@/lib/doors/route';
import type { DataPlane } from '@/lib/gateway/request/data-plane';
import { fields, shortText } from '@/lib/http/body/read-fields';
import { partOf } from '@/lib/http/part-of-path';
import { Problem } from '@/lib/http/problem';
import { wholeNumber } from '@/lib/http/read-query';
import { json } from '@/lib/http/respond';
import { isEnd, type JobState, jobStates } from '@/lib/jobs/job-state';
import type { WholeJob } from '@/lib/jobs/operate/find-jobs';
import { detailOf, itemOf } from '@/lib/jobs/operate/show-job';
import { excerpt } from '@/lib/kernel/excerpt';
import { dialectIn } from '@/lib/relay/dialects/dialects';
import { habitsOf, jobAgeOf, jobOutlooks } from '@/lib/replay/job-outlook';
import { guarded } from './guarded';
import { splitAt } from './place';
import type { Planes } from './planes';

const words = ['open', 'blocked', ...jobStates] as const;
const longestName = 128;
const usuallyListed = 50;
const mostListed = 200;
const latelySeconds = 3600;

const name = (description: string) =>
  z
    .string()
    .refine((text) => text.length <= longestName && !text.includes('\0'), {
      error: `must be at most ${longestName} characters, without NUL`,
    })
    .optional()
    .describe(description);

const listing = z.object({
  limit: wholeNumber([1, mostListed], `at most so many; ${usuallyListed}`),
  before: z
    .uuid({ error: () => 'must be the id of a job' })
    .optional()
    .describe('`next` of the page before'),
  state: z
    .enum(words, { error: () => `must be ${words.join(', ')}` })
    .optional()
    .describe('open: not ended; blocked: cannot be looked at'),
  arm: name('its name'),
  caller: name('its name'),
});

const outlook = z.object({
  orders_per_minute: wholeNumber([1, 100_000], 'over all arms; what it was lately'),
});

/** How old a job of a provider may become, as this process knows it; null: nobody says so. */
function ageLimits({ lanes, splits }: Pick<DataPlane, 'lanes' | 'splits'>): (provider: string) => number | null {
  const { registry } = splits;
  return (name) => {
    const spoken = registry.providers.find((each) => each.name === name)?.options.dialect;
    const dialect = typeof spoken === 'string' ? dialectIn(registry, spoken) : undefined;
    return lanes.get(name)?.provider.jobs?.ageLimitMs ?? dialect?.pace.ageLimitMs ?? null;
  };
}

const again = { ...ok(answers.jobsDue, 'So many are due now'), refusals: [404, 409] };

/** The jobs of a split, of all callers, for operators. */
export const jobRoutes: readonly ControlRoute<Planes>[] = [
  guarded(
    'GET /api/splits/{slug}/jobs',
    'viewer',
    'Its jobs, the newest first',
    { ...ok(answers.jobs), query: listing },
    async ({ arriving, query }, planes) => {
      const { controls, jobs } = planes.controlPlane();
      const { facts } = await splitAt(arriving.path, controls);
      const { limit = usuallyListed, before = null, state = null, arm = null, caller = null } = query;
      const filter = { ...{ before, state, arm: arm || null, caller: caller || null, limit }, provider: null };
      const page = await jobs.list({ ...filter, split: facts.split });
      const searched_to = page.searched_to?.toISOString() ?? null;
      return json(200, { jobs: page.jobs.map(itemOf), next: page.next, searched_to } satisfies JobsView);
    },
  ),
  guarded(
    'GET /api/splits/{slug}/jobs/{job}',
    'viewer',
    'One job: what happened to it, and when',
    ok(answers.job),
    async ({ arriving }, planes) => {
      const job = await jobAt(arriving.path, planes);
      return json(200, detailOf(job, await planes.controlPlane().jobs.events(job.id)));
    },
  ),
  guarded(
    'POST /api/splits/{slug}/jobs/{job}/cancel',
    'operator',
    'Its provider is asked to stop it',
    { answers: { 202: jsonOf(answers.jobAsked, 'Asked; the job says what came of it') }, refusals: [404, 409] },
    async ({ arriving, actor }, planes) => {
      const job = await jobAt(arriving.path, planes);
      const isAsked = !isEnd(job.state as JobState) && (await planes.controlPlane().jobs.cancel(job.id));
      if (!isAsked) throw hasEnded(job, 'cancelled');
      planes.runtime().log.info({ actor: actor.name, job: job.id }, 'a job is to be cancelled');
      return json(202, { id: job.id, cancel_asked: true });
    },
  ),
  guarded(
    'POST /api/splits/{slug}/jobs/{job}/poll',
    'operator',
    'It is looked at now, whatever was in the way',
    again,
    async ({ arriving, actor }, planes) => {
      const job = await jobAt(arriving.path, planes);
      const due = await planes.controlPlane().jobs.lookAgain({ id: job.id });
      if (due === 0) throw hasEnded(job, 'looked at');
      planes.runtime().log.info({ actor: actor.name, job: job.id }, 'a job is looked at again');
      return json(200, { due });
    },
  ),
  guarded(
    'GET /api/splits/{slug}/in-flight',
    'viewer',
    'Jobs that have not ended, by arm and provider, and what became of those of the last hour',
    ok(answers.inFlight),
    async ({ arriving }, planes) => {
      const { controls, jobs } = planes.controlPlane();
      const control = await splitAt(arriving.path, controls);
      const [open, lately] = await Promise.all([jobs.open(control.facts.split), jobOutcomes(control, latelySeconds)]);
      const limitOf = ageLimits(planes.runtime().dataPlane);
      const in_flight = open.map(({ split: _, youngest_at_ms: begun, ...each }) => {
        const limit = limitOf(each.provider);
        return { ...each, ends_by: begun === null || limit === null ? null : new Date(begun + limit).toISOString() };
      });
      return json(200, { in_flight, window_seconds: latelySeconds, lately } satisfies InFlightView);
    },
  ),
  guarded(
    'GET /api/splits/{slug}/job-outlook',
    'viewer',
    'How long until the ends of its jobs can be judged in each stage, and what a bad candidate costs until then',
    { ...ok(jobOutlook), query: outlook, refusals: [404, 409] },
    async ({ arriving, query: { orders_per_minute } }, planes) => {
      const { controls, jobs } = planes.controlPlane();
      const { facts, flags } = await splitAt(arriving.path, controls);
      const { policy } = await flags.readPolicy();
      const ageMs = jobAgeOf(policy);
      if (ageMs === null) throw notOfJobs(facts.slug);
      const found = habitsOf(policy, await jobs.past(facts.split, policy.baseline, ageMs));
      const habits = { ...found, orders_per_minute: orders_per_minute ?? found.orders_per_minute };
      const outlooks = policy.stages.flatMap((stage) => jobOutlooks(policy, stage, habits));
      return json(200, { habits, outlooks } satisfies JobOutlookView);
    },
  ),
  guarded(
    'POST /api/splits/{slug}/in-flight/poll',
    'operator',
    'All that run at a provider are looked at now, whatever was in the way',
    { ...again, body: fields({ provider: shortText('its name') }) },
    async ({ arriving, body: { provider }, actor }, planes) => {
      const { controls, jobs } = planes.controlPlane();
      const { facts } = await splitAt(arriving.path, controls);
      const due = await jobs.lookAgain({ provider, split: facts.split });
      planes.runtime().log.info({ actor: actor.name, provider, split: facts.split, due }, 'jobs are looked at again');
      return json(200, { due });
    },
  ),
];

async function jobAt(path: string, planes: Planes): Promise<WholeJob> {
  const { controls, jobs } = planes.controlPlane();
  const { facts } = await splitAt(path, controls);
  const said = partOf(path, 5);
  const job = await jobs.find(said, facts.split);
  if (job === null) throw new Problem(404, 'unknown-job', `The split "${facts.slug}" has no job "${excerpt(said)}".`);
  return job;
}

function notOfJobs(slug: string): Problem {
  const detail = `The split "${slug}" is not judged by how jobs end: its policy has no line of jobs, and nothing to wait for.`;
  return new Problem(409, 'not-of-jobs', detail);
}

function hasEnded({ id, state }: WholeJob, verb: string): Problem {
  const why =
    state === 'attempting' ? 'its provider is being called, and no answer came yet' : `it has ended (${state})`;
  return new Problem(409, 'job-ended', `Job ${id} was not ${verb}: ${why}.`);
}
