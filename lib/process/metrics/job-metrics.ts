import type { Registry } from 'prom-client';
import type { JobCounts, Tally } from '@/lib/jobs/job-counts';
import type { OpenJobs } from '@/lib/jobs/operate/open-jobs';
import { counterIn } from './counter';
import type { GaugeRow, Reading } from './readings';

/** The jobs of a provider, whatever arms they were ordered for. */
function providers(jobs: readonly OpenJobs[] | undefined): ReadonlyMap<string, readonly OpenJobs[]> {
  const found = new Map<string, OpenJobs[]>();
  for (const each of jobs ?? []) found.set(each.provider, [...(found.get(each.provider) ?? []), each]);
  return found;
}

const openStates = ['attempting', 'accepted', 'running', 'unknown'] as const;

const ofProvider =
  (read: (jobs: readonly OpenJobs[]) => number): Reading =>
  ({ rollout }) =>
    [...providers(rollout?.jobs)].map(([provider, jobs]) => [{ provider }, read(jobs)]);
const sum = (jobs: readonly OpenJobs[], of: (each: OpenJobs) => number) =>
  jobs.reduce((total, each) => total + of(each), 0);

/** Of all processes, by one statement over the index of jobs that have not ended. */
export const jobGauges: readonly GaugeRow[] = [
  [
    'sluice_jobs_open',
    'Jobs that have not ended.',
    ['provider', 'state'],
    ({ rollout }) =>
      [...providers(rollout?.jobs)].flatMap(([provider, jobs]) =>
        openStates.map((state) => [{ provider, state }, sum(jobs, (each) => each[state])] as const),
      ),
  ],
  [
    'sluice_jobs_oldest_seconds',
    'Age of the oldest job that has not ended.',
    ['provider'],
    ofProvider((jobs) => Math.max(...jobs.map(({ oldest_seconds }) => oldest_seconds))),
  ],
  [
    'sluice_jobs_blocked',
    'Jobs that wait for people: a key is gone, a provider is off.',
    ['provider'],
    ofProvider((jobs) => sum(jobs, ({ blocked }) => blocked)),
  ],
  [
    'sluice_jobs_late_seconds',
    'How long the job waits for its look that should have had it first.',
    ['provider'],
    ofProvider((jobs) => Math.max(...jobs.map(({ late_seconds }) => late_seconds ?? 0))),
  ],
];

/** What this process did and heard itself. */
export function registerJobCounters(registry: Registry, counts: () => JobCounts | null): void {
  const tally = (name: string, help: string, labels: readonly [string, string], of: (counts: JobCounts) => Tally) =>
    counterIn(registry)(name, help, [...labels], (it) => {
      const known = counts();
      if (known)
        for (const [provider, word, count] of of(known)) it.inc({ [labels[0]]: provider, [labels[1]]: word }, count);
    });
  const byOutcome = ['provider', 'outcome'] as const;
  tally(
    'sluice_job_polls_total',
    'Jobs asked for: `seen`, or why nothing was learnt.',
    byOutcome,
    ({ looks }) => looks,
  );
  tally('sluice_job_ends_total', 'Jobs that ended, by their state.', ['provider', 'state'], ({ ends }) => ends);
  tally('sluice_job_webhooks_total', 'News from providers.', byOutcome, ({ webhooks }) => webhooks);
  counterIn(registry)(
    'sluice_job_lease_expiries_total',
    'Jobs taken over from a process whose lease ran out.',
    ['provider'],
    (it) => {
      for (const [provider, , count] of counts()?.expiries ?? []) it.inc({ provider }, count);
    },
  );
}
