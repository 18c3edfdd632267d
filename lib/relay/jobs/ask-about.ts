import type { GenerateParts } from '@/lib/gateway/request/generate-parts';
import type { LiveSplit } from '@/lib/gateway/weights/live-split';
import { Problem } from '@/lib/http/problem';
import type { Reachable } from '@/lib/jobs/poll/job-lane';
import { excerpt } from '@/lib/kernel/excerpt';
import { capital } from '@/lib/kernel/plain-text';
import { anyone } from '@/lib/registry/callers/caller';
import type { Dialect, PollRule } from '@/lib/registry/dialects/dialect';
import { seenOf } from '../read-answer';
import { blamed } from '../refusal';
import type { Incoming } from '../send-on';
import { type Asked, asked, streamTo, unknownProblem } from '../stream-to';
import { makeFurther } from './further-job';
import { HeldAnswer } from './held-answer';
import { bodyOf } from './read-create';
import type { RelayJobs } from './relay-jobs';
import type { RelayedJob } from './relayed-store';
import type { ToldPoll } from './shared-polls';

interface About {
  readonly incoming: Incoming;
  readonly prefix: string;
  /** All of its relay's. */
  readonly prefixes: readonly string[];
  readonly dialect: Dialect;
  readonly rule: PollRule;
  readonly ids: readonly string[];
}

/**
 * A request about a job goes where the job was made, whatever became of the weights, and is for its caller alone. It is
 * no attempt: it is not drawn, not counted, and says nothing of the provider's health.
 */
export async function askAbout(
  gateway: GenerateParts,
  jobs: RelayJobs,
  split: LiveSplit,
  about: About,
): Promise<Asked> {
  const { incoming, rule } = about;
  const named = await jobsOf(jobs, split.key, about);
  const [first] = named;
  const { provider, use, calls } = reach(jobs, first);
  incoming.answer.marks = ['x-request-id', incoming.requestId, 'x-sluice-split', split.slug, 'x-sluice-arm', first.arm];
  jobs.count(split.slug, first.arm, rule.makes ? 'create' : 'poll');
  const to = { gateway, streams: provider.streams, use, name: provider.name, model: split.slug };
  if (rule.makes) {
    const owner = { caller: incoming.caller, prefix: about.prefix };
    const holdUsd = provider.streams?.options.usdPerCreate ?? null;
    const further = {
      ...{ incoming, owner, dialect: about.dialect, makes: rule.makes, from: first },
      ...{ split: split.key, slug: split.slug, holdUsd },
    };
    const made = await makeFurther(jobs, further, (answer) => streamTo(to, incoming, { answer, isRead: true }));
    const isTold = made.answer.release() || incoming.answer.hasBegun;
    const { result } = made;
    if (!isTold && !result.ok && result.started !== 'no') return { result, problem: unknownProblem(result) };
    return asked(result);
  }
  if (rule.does !== 'status') {
    const result = await streamTo(to, incoming, { answer: incoming.answer, isRead: false });
    if (incoming.method !== 'GET') jobs.shared.forget(first.id);
    if (rule.does === 'cancel' && result.ok) void jobs.store.noteCancelled(first.id).catch(() => undefined);
    return asked(result);
  }
  const ask = async (): Promise<ToldPoll> => {
    const answer = new HeldAnswer(incoming.answer);
    return { answer, result: await streamTo(to, incoming, { answer, isRead: true }) };
  };
  const key = keyOf(about, first);
  const { told, isOwn } = key === null ? { told: ask(), isOwn: true } : jobs.shared.ask(first.id, key, ask);
  const { answer, result } = await told;
  const isTold = answer.release(incoming.answer);
  if (isTold && isOwn) learnOf(jobs, about, named, calls, answer);
  if (isTold || isOwn) return asked(result);
  return asked(await streamTo(to, incoming, { answer: incoming.answer, isRead: false }));
}

type Several<T> = readonly [T, ...T[]];

/** The jobs that a request names must all be of this caller, and live at one provider. */
async function jobsOf(
  { known }: RelayJobs,
  split: string,
  { incoming: { caller }, prefix, prefixes, ids }: About,
): Promise<Several<RelayedJob>> {
  const found = await known.find({ caller, prefix, prefixes, split }, ids);
  const missing = found.indexOf(null);
  const [first, ...others] = found.flatMap((job) => job ?? []);
  if (missing !== -1 || first === undefined) {
    const job = `job '${excerpt(ids[Math.max(0, missing)] ?? '')}'`;
    const detail =
      caller === anyone ? `No ${job} was made under ${prefix}.` : `${capital(caller)} made no ${job} under ${prefix}.`;
    throw blamed(new Problem(404, 'unknown-job', detail), 'caller');
  }
  const stranger = others.find((job) => placeOf(job) !== placeOf(first));
  if (stranger === undefined) return [first, ...others];
  const detail = `The jobs '${excerpt(first.upstreamId)}' and '${excerpt(stranger.upstreamId)}' live at two providers; ask for each by itself.`;
  throw blamed(new Problem(409, 'several-providers', detail), 'caller');
}

const placeOf = ({ provider, keyVersion, baseUrl }: RelayedJob) => `${provider} ${keyVersion} ${baseUrl}`;

/** By the key and at the address that made it. */
function reach({ places }: RelayJobs, job: RelayedJob): Reachable {
  const reached = places.at(job);
  if (!('whyNot' in reached)) return reached;
  const detail = `The job goes on, and cannot be asked for now: ${reached.whyNot}.`;
  throw blamed(new Problem(503, 'job-blocked', detail, { headers: { 'retry-after': '30' } }), 'provider');
}

/** Equal questions share one answer by this key; null: it is not shared. */
function keyOf({ incoming, prefix, ids }: About, { id }: RelayedJob): string | null {
  const { method, target, caller, body, rawHeaders } = incoming;
  if (body !== null || method !== 'GET') return null;
  const accept = rawHeaders.flatMap((name, at) =>
    at % 2 === 0 && /^(?:accept|range|if-)/i.test(name) ? [name, rawHeaders[at + 1]] : [],
  );
  return JSON.stringify([caller, prefix, target.path, target.search, id, ids, accept]);
}

function learnOf(
  { learnt }: RelayJobs,
  { dialect }: About,
  named: readonly RelayedJob[],
  calls: Reachable['calls'],
  { status, copied }: HeldAnswer,
): void {
  const read = { status: status ?? 0, body: bodyOf(copied) };
  // Its caller has the answer already; what is not written down now, the poller sees.
  for (const job of named) void learnt.learn(job, seenOf(dialect, read, job.upstreamId), calls).catch(() => undefined);
}
