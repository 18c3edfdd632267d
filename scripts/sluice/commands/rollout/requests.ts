import { type RequestAttempt, type RequestDetail, type RequestOutcome, requestOutcomes } from '@/lib/api/requests-view';
import { isPlace } from '@/lib/charts/requests/list-requests';
import { excerpt } from '@/lib/kernel/excerpt';
import {
  type Command,
  type Invocation,
  instantOption,
  integerOption,
  Said,
  textOption,
  UsageError,
} from '../../command';
import { tableLines } from '../../texts/table-lines';

export const requests: Command = {
  summary: 'single requests from the log: a list by what happened to them, or one with its attempts',
  usage:
    'requests [list] [--from ISO] [--to ISO] [--arm NAME] [--outcome OUTCOME] [--kind KIND] [--model NAME] ' +
    '[--caller NAME] [--user HASH] [--min-ms N] [--limit N] [--before PLACE] | show ID [--at ISO]',
  notes: [
    `Outcomes: ${requestOutcomes.join(', ')}. Arm, kind and latency are those of the first attempt, which the lines judge.`,
    '--at says about when it was, for an id that its caller made.',
  ],
  ofSplit: true,
  options: {
    from: { type: 'string' },
    to: { type: 'string' },
    arm: { type: 'string' },
    outcome: { type: 'string' },
    kind: { type: 'string' },
    model: { type: 'string' },
    caller: { type: 'string' },
    user: { type: 'string' },
    'min-ms': { type: 'string' },
    limit: { type: 'string' },
    before: { type: 'string' },
    at: { type: 'string' },
  },
  positionals: [0, 2],
  async run(call) {
    const [verb = 'list', id] = call.positionals;
    if (verb === 'list' && id === undefined) await list(call);
    else if (verb === 'show' && id !== undefined) await show(call, id);
    else throw new UsageError('requests takes list, or show and the id of a request.');
    return undefined;
  },
};

async function list(call: Invocation): Promise<void> {
  const { values } = call;
  const text = (name: string) => textOption(values, name);
  const control = await call.control();
  const page = await control.requests.list({
    fromMs: instantOption(values, 'from') ?? null,
    toMs: instantOption(values, 'to') ?? null,
    ...{ arm: text('arm'), kind: text('kind'), model: text('model'), caller: text('caller'), user: text('user') },
    outcome: outcomeOption(call),
    minLatencyMs: text('min-ms') === null ? null : integerOption(values, 'min-ms', 0),
    before: placeOption(call),
    limit: Math.min(1000, Math.max(1, integerOption(values, 'limit', 20))),
  });
  const header = ['at', 'request', 'outcome', 'arm', 'answered by', 'ms', 'kind', 'model', 'caller', 'cost $'];
  const lines = page.requests.map((each) => [
    ...[each.at, each.request_id, each.outcome, each.arm, each.answered_by, each.latency_ms, each.error_kind],
    ...[each.model, each.caller, each.cost_usd],
  ]);
  const since = page.searched_to === null ? '' : ` since ${page.searched_to.toISOString()}`;
  const more = page.next === null ? [] : [`Look further: --before ${page.next}`];
  call.answer(page, [
    ...(lines.length === 0 ? [`There are no such requests${since}.`] : tableLines(header, lines)),
    ...more,
  ]);
}

async function show(call: Invocation, id: string): Promise<void> {
  const control = await call.control();
  const found = await control.requests.find(id, instantOption(call.values, 'at') ?? null);
  if (found === null)
    throw new Said(
      `The log of ${control.facts.slug} has no request "${excerpt(id)}". It may be older than the log is kept, or have an id that does not say when it was: then add --at.`,
    );
  const { detail, jobId } = found;
  call.answer({ ...detail, job: jobId }, [...factsOf(detail, jobId), '', ...detail.attempts.flatMap(attemptLines)]);
}

function factsOf(detail: RequestDetail | Omit<RequestDetail, 'job'>, jobId: string | null): string[] {
  const { end, images } = detail;
  const facts: readonly (readonly [string, unknown])[] = [
    ['request', detail.request_id],
    ['outcome', detail.answered_by === null ? detail.outcome : `${detail.outcome}, answered by ${detail.answered_by}`],
    ['drawn', `${detail.assigned ?? '?'} at ${detail.stage ?? '?'}, weights version ${detail.weights_version ?? '?'}`],
    ['pinned', detail.pinned ? `by ${detail.pinned_by.join(', ') || 'a field'}` : null],
    ['model', [detail.model, detail.size].filter(Boolean).join(', ') || null],
    ['caller', detail.caller],
    ['user', detail.user_hash],
    ['took', detail.total_ms === null ? null : `${detail.total_ms} ms altogether`],
    ['cost', detail.cost_usd === null ? null : `$${detail.cost_usd}`],
    ['error', end?.error ?? null],
    ['job', jobId === null ? null : `sluice jobs show ${jobId}`],
    ...images.urls.map((url) => ['image', url] as const),
    ...detail.vouchers.map(({ at, reason }) => ['voucher', `${at} ${reason ?? ''}`] as const),
  ];
  return facts.flatMap(([name, value]) => (value === null ? [] : [`${name.padEnd(10)}${String(value)}`]));
}

function attemptLines(each: RequestAttempt): string[] {
  const took = each.latency_ms === null ? 'not called' : `${each.latency_ms} ms`;
  const how = each.refused ? 'refused' : (each.error_kind ?? (each.error === null ? 'ok' : 'failed'));
  const place = each.provider === each.arm ? each.arm : `${each.arm} (${each.provider})`;
  const more = [
    each.error,
    each.ours ? 'our own doing: it counts for no provider' : null,
    each.mapped.length > 0 ? `said in other words: ${each.mapped.join(', ')}` : null,
    each.dropped.length > 0 ? `left out: ${each.dropped.join(', ')}` : null,
    each.provider_request_id === null ? null : `its id there: ${each.provider_request_id}`,
  ].filter((line) => line !== null);
  return [`${each.at}  ${each.attempt ?? 1}  ${place}  ${took}  ${how}`, ...more.map((line) => `  ${line}`)];
}

function outcomeOption(call: Invocation): RequestOutcome | null {
  const said = textOption(call.values, 'outcome');
  const known = requestOutcomes.find((each) => each === said);
  if (said === null || known !== undefined) return known ?? null;
  throw new UsageError(`--outcome is "${excerpt(said)}"; it must be ${requestOutcomes.join(', ')}.`);
}

function placeOption(call: Invocation): string | null {
  const said = textOption(call.values, 'before');
  if (said === null || isPlace(said)) return said;
  throw new UsageError(`--before is "${excerpt(said)}"; it must be what the page before ended with.`);
}
