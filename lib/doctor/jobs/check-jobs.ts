import { durationText } from '@/lib/kernel/duration';
import { type Finding, ok, problem } from '../checks/finding';
import type { Instruments, RolloutFacts } from '../diagnosis';
import type { OpenJobFacts, WebhookFacts } from './job-facts';

const how = 'read sluice.jobs';
/** A vendor may sign with an old key, or the sender may be no vendor at all. */
const fewRefused = 3;
const recentSeconds = 86_400;
/** After its age limit a job is given up by the next look that still sees it run. */
const graceSeconds = 600;

/** Whether jobs are looked at, end in time and are heard of; nothing where there never was one. */
export function checkJobs(
  { jobs: { open, webhooks } }: RolloutFacts,
  { providers }: Pick<Instruments, 'providers'>,
): readonly Finding[] {
  const limits = new Map(
    providers.map(({ name, jobAgeLimitMs: limit }) => [name, limit === null ? null : limit / 1000]),
  );
  const faults = open.flatMap((each) => [
    ...blocked(each),
    ...late(each),
    ...old(each, limits.get(each.provider) ?? null),
  ]);
  const deaf = webhooks.flatMap(unheard);
  if (faults.length > 0 || open.length === 0) return [...faults, ...deaf];
  const each = open.map(
    ({ provider, jobs, oldestSeconds }) => `${jobs} at ${provider} (oldest ${durationText(oldestSeconds)})`,
  );
  return [ok('jobs', `running: ${each.join(', ')}`, how), ...deaf];
}

function blocked({ provider, blocked: count, why }: OpenJobFacts): Finding[] {
  if (count === 0) return [];
  const what = `${counted(count)} at ${provider} cannot be looked at: ${why}`;
  return [
    problem(
      'jobs',
      what,
      how,
      `mend that; they go on by themselves, at once with: sluice jobs retry-poll --provider ${provider}`,
    ),
  ];
}

function late({ provider, late: count, left, lateSeconds }: OpenJobFacts): Finding[] {
  if (count === 0) return [];
  const leases = left === 0 ? '' : `, ${left} of them left by a process whose lease ran out`;
  const since = durationText(lateSeconds ?? 0);
  const what = `nobody looks at ${counted(count)} at ${provider}, due for up to ${since}${leases}`;
  return [
    problem('jobs', what, how, 'start a web process or a watchdog that has the keys; whichever runs takes them over'),
  ];
}

function old(
  { provider, oldestSeconds, blocked: count, late: overdue }: OpenJobFacts,
  limit: number | null,
): Finding[] {
  if (limit === null || count > 0 || overdue > 0 || oldestSeconds <= limit + graceSeconds) return [];
  const what =
    `the oldest job at ${provider} is ${durationText(oldestSeconds)} old, past its age limit of ${durationText(limit)}: ` +
    'no look at it was answered since';
  return [problem('jobs', what, how, `sluice jobs list --state open --provider ${provider}, then sluice jobs show ID`)];
}

function unheard({ provider, taken, refusedInARow, refusedSecondsAgo, why }: WebhookFacts): Finding[] {
  if (refusedInARow < fewRefused || refusedSecondsAgo === null || refusedSecondsAgo > recentSeconds) return [];
  const before = taken === 0 ? 'none was ever taken' : 'since the last that was taken';
  const what = `${refusedInARow} webhooks of ${provider} were refused (${before}): ${why}`;
  const fix =
    'jobs end all the same, by polling; see that SLUICE_PUBLIC_URL leads here unchanged, that this clock is right, and ' +
    "that the provider's keys can be read from here";
  return [problem('webhooks', what, 'read sluice.job_webhooks', fix)];
}

const counted = (jobs: number) => (jobs === 1 ? '1 job' : `${jobs} jobs`);
