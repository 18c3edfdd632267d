import { setTimeout as wait } from 'node:timers/promises';
import { isEnd, type JobState, jobStates } from '@/lib/jobs/job-state';
import { findJobs, jobIdIn, type ToldJob } from '@/lib/jobs/operate/find-jobs';
import { listJobs } from '@/lib/jobs/operate/list-jobs';
import { askToStop, lookAgain, type OpenJobs, openJobs, tellAgain } from '@/lib/jobs/operate/open-jobs';
import { parseDuration } from '@/lib/kernel/duration';
import { connect } from '@/lib/postgres/connection';
import type { Sql } from '@/lib/postgres/sql';
import { type Command, type Invocation, integerOption, Said, textOption, UsageError, verbOf } from '../../command';
import { tableLines } from '../../texts/table-lines';
import { ageText, jobLines } from './job-lines';

type Verb = (call: Invocation, sql: Sql) => Promise<number | undefined>;

const list: Verb = async (call, sql) => {
  const { values } = call;
  const filter = {
    state: stateOption(call),
    split: textOption(values, 'split'),
    arm: textOption(values, 'arm'),
    provider: textOption(values, 'provider'),
    caller: textOption(values, 'caller'),
    before: beforeOption(call),
    limit: Math.min(1000, Math.max(1, integerOption(values, 'limit', 20))),
  };
  const { jobs: rows, next, searched_to } = await listJobs(sql, filter);
  const header = ['id', 'state', 'arm', 'provider', 'model', 'caller', 'age', 'done', 'cost $', 'trouble'];
  const lines = rows.map((job) => [
    ...[job.id, job.state, job.arm, job.provider, job.model ?? '–', job.caller, ageText(job.age_seconds)],
    job.progress === null ? '' : `${Math.round(job.progress * 100)} %`,
    ...[job.cost_usd ?? '', (job.blocked ?? job.error ?? '').slice(0, 60)],
  ]);
  const none = searched_to === null ? 'There are no such jobs.' : `None of those since ${searched_to.toISOString()}.`;
  const more = next === null ? [] : [`There are older ones: --before ${next}`];
  call.answer({ jobs: rows, next, searched_to }, [
    ...(rows.length === 0 ? [none] : tableLines(header, lines)),
    ...more,
  ]);
  return undefined;
};

const show: Verb = async (call, sql) => {
  const job = await oneOf(call, sql);
  call.answer(job, jobLines(job));
  return undefined;
};

const cancel: Verb = async (call, sql) => {
  const job = await oneOf(call, sql);
  if (isEnd(job.state as JobState)) throw new Said(`Job ${job.id} was not cancelled: it is ${job.state} already.`);
  await call.confirm(`Cancel job ${job.id} (${job.state}, ${ageText(job.age_seconds)} old) at ${job.provider}?`);
  if (!(await askToStop(sql, job.id))) throw new Said(`Job ${job.id} was not cancelled: it has ended meanwhile.`);
  call.answer({ id: job.id, asked: true }, [
    `${job.provider} is asked to stop job ${job.id}; \`sluice jobs show ${job.id}\` says what came of it.`,
  ]);
  return undefined;
};

const again: Verb = async (call, sql) => {
  const provider = textOption(call.values, 'provider');
  const id = call.positionals[1];
  if ((provider === null) === (id === undefined)) throw usage();
  const job = provider === null ? await oneOf(call, sql) : null;
  call.nameDatabase();
  const count = await lookAgain(sql, provider === null ? { id: job?.id ?? '' } : { provider });
  if (count === 0)
    throw new Said(`Nothing is looked at: ${job ? `job ${job.id} is ${job.state}` : `no job runs at ${provider}`}.`);
  call.answer({ due: count }, [`${count} ${count === 1 ? 'job is' : 'jobs are'} due now.`]);
  return undefined;
};

const retell: Verb = async (call, sql) => {
  const job = await oneOf(call, sql);
  call.nameDatabase();
  if (!(await tellAgain(sql, job.id))) {
    const why = job.webhook_host === null ? 'its caller named no webhook' : `it is ${job.state}`;
    throw new Said(`Nobody is told of job ${job.id}: ${why}.`);
  }
  call.answer({ id: job.id, due: true }, [
    `${job.webhook_host ?? ''} is told of job ${job.id} again, within two seconds.`,
  ]);
  return undefined;
};

/** Ends when no job runs there any more, or exits with 1. */
const drain: Verb = async (call, sql) => {
  const provider = call.positionals[1] ?? null;
  const text = textOption(call.values, 'within');
  const seconds = text === null ? 0 : parseDuration(text);
  if (seconds === null) throw new UsageError(`--within is "${text}"; it must be a time such as 10m or 2h.`);
  const endsAt = performance.now() + seconds * 1000;
  for (let told = ''; ; await wait(1000)) {
    const open = await openJobs(sql, { provider });
    const isOver = open.length === 0 || performance.now() >= endsAt;
    if (isOver) {
      const where = provider === null ? 'anywhere' : `at ${provider}`;
      call.answer({ open }, open.length === 0 ? [`No job runs ${where}.`] : openLines(open));
      return open.length === 0 ? undefined : 1;
    }
    const now = `${open.reduce((sum, { jobs }) => sum + jobs, 0)} jobs still run.`;
    if (now !== told && !call.json) call.say(now);
    told = now;
  }
};

const verbs: Readonly<Record<string, Verb>> = { list, show, cancel, 'retry-poll': again, retell, drain };

export const jobs: Command = {
  summary: 'work that is answered later: list, show, cancel, look again, tell again, wait until it has ended',
  writes: 'at once',
  usage:
    'jobs [list] [--state STATE|open|blocked] [--split SLUG] [--arm NAME] [--provider NAME] [--caller NAME] [--limit N] ' +
    '[--before ID] | show ID | cancel ID | ' +
    'retry-poll ID | retry-poll --provider NAME | retell ID | drain [PROVIDER] [--within 10m]',
  notes: [
    `States: ${jobStates.join(', ')}; open is all that have not ended, blocked those that cannot be looked at.`,
    "ID is the job's own, as any door writes it, its provider's, or that of the request.",
    'retell sends the webhook of a job that has ended once more.',
    'drain only waits and counts: `sluice providers set NAME --state draining` keeps new jobs away.',
  ],
  options: {
    state: { type: 'string' },
    split: { type: 'string' },
    arm: { type: 'string' },
    provider: { type: 'string' },
    caller: { type: 'string' },
    limit: { type: 'string' },
    before: { type: 'string' },
    within: { type: 'string' },
  },
  positionals: [0, 2],
  async run(call) {
    const verb = verbOf(verbs, call, jobs.usage, 'list');
    const sql = connect(call.database().url, { name: 'cli', max: 1 });
    try {
      return await verb(call, sql);
    } finally {
      await sql.end({ timeout: 2 });
    }
  },
};

function stateOption(call: Invocation): string | null {
  const state = textOption(call.values, 'state');
  if (state === null || state === 'open' || state === 'blocked' || (jobStates as readonly string[]).includes(state))
    return state;
  throw new UsageError(`--state is "${state}"; it must be open, blocked, ${jobStates.join(', ')}.`);
}

function beforeOption(call: Invocation): string | null {
  const said = textOption(call.values, 'before');
  if (said === null) return null;
  const id = jobIdIn(said);
  if (id === null) throw new UsageError(`--before is "${said.slice(0, 80)}"; it must be the id of a job.`);
  return id;
}

async function oneOf(call: Invocation, sql: Sql): Promise<ToldJob> {
  const said = call.positionals[1];
  if (said === undefined) throw usage();
  const [job, ...others] = await findJobs(sql, said);
  if (!job) throw new Said(`There is no job "${said.slice(0, 80)}".`);
  if (others.length > 0) {
    const ids = [job, ...others].map(({ id }) => id).join(', ');
    throw new Said(`"${said.slice(0, 80)}" is the name of several jobs; say which: ${ids}.`);
  }
  return job;
}

function openLines(open: readonly OpenJobs[]): string[] {
  const header = ['provider', 'split', 'arm', 'jobs', 'blocked', 'oldest'];
  const rows = open.map((each) => [
    ...[each.provider, each.split, each.arm, each.jobs, each.blocked, ageText(each.oldest_seconds)],
  ]);
  return tableLines(header, rows);
}

const usage = () => new UsageError(`Usage: sluice ${jobs.usage}`);
