import type { ShownOutput } from '@/lib/api/jobs-view';
import type { ToldJob } from '@/lib/jobs/operate/find-jobs';

/** `1 h 5 min`, `3 min 20 s`, `12 s`. */
export function ageText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole >= 86_400) return `${Math.floor(whole / 86_400)} d ${Math.floor((whole % 86_400) / 3600)} h`;
  if (whole >= 3600) return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
  return whole >= 60 ? `${Math.floor(whole / 60)} min ${whole % 60} s` : `${whole} s`;
}

/** One job and everything that happened to it, in the order in which it did. */
export function jobLines(job: ToldJob): string[] {
  const facts: readonly (readonly [string, unknown])[] = [
    ['job', job.id],
    ['state', job.blocked === null ? job.state : `${job.state}, blocked: ${job.blocked}`],
    ['split', job.split === '' ? 'none' : `${job.split}, arm ${job.arm}${drawnText(job)}`],
    ['provider', `${job.provider} (${spokenText(job)}) at ${job.base_url}, key version ${keyText(job)}`],
    ['model', modelText(job)],
    ['its id there', job.upstream_id ?? 'none'],
    ['caller', `${job.caller}, by the door ${job.door}, request ${job.request_id}`],
    [
      'looked at',
      `${job.polls} times${job.misses > 0 ? `, the last ${job.misses} taught nothing` : ''}${dueText(job)}`,
    ],
    ['cost', costText(job)],
    ['webhook', job.webhook_host === null ? null : `${job.webhook_host}: ${webhookText(job)}`],
    ['error', job.error === null ? null : `${job.error_kind ?? 'unknown'}: ${job.error}`],
  ];
  const lines = facts.flatMap(([name, value]) => (value === null ? [] : [`${name.padEnd(14)}${String(value)}`]));
  const results = job.outputs.map((output) => `${'result'.padEnd(14)}${outputText(output)}`);
  return [...lines, ...results, '', ...timeline(job)];
}

/** Not the whole address, by which the file could be fetched. */
function outputText({ kind, host, content_type, width, height, seconds, bytes }: ShownOutput): string {
  const facts = [
    ...[kind, host === null ? null : `at ${host}`, content_type],
    width === null || height === null ? null : `${width} × ${height}`,
    ...[seconds === null ? null : `${seconds} s`, bytes === null ? null : `${bytes} bytes`],
  ];
  return facts.filter((fact) => fact !== null).join(', ');
}

function timeline(job: ToldJob): string[] {
  const moments: readonly (readonly [Date | null, string])[] = [
    [job.created_at, 'written down, before anybody was called'],
    [job.accepted_at, `accepted by ${job.provider}`],
    [job.started_at, 'begun'],
    [job.cancel_asked_at, 'cancellation asked for'],
    [job.ended_at, job.state],
    [job.expires_at, "the provider's links die"],
  ];
  return moments
    .flatMap(([at, what]) => (at === null ? [] : [{ at, what }]))
    .sort((a, b) => a.at.getTime() - b.at.getTime())
    .map(({ at, what }) => {
      const after = (at.getTime() - job.created_at.getTime()) / 1000;
      return `${at.toISOString()}  ${after === 0 ? '' : `+${ageText(after)}`.padEnd(14)}${what}`;
    });
}

const spokenText = ({ adapter, dialect }: ToldJob) => (dialect === null ? adapter : `${adapter}, ${dialect}`);

/** A relay changes no name. */
function modelText({ adapter, model, provider_model }: ToldJob): string {
  return adapter === 'relay' || model === null ? (model ?? '–') : `${model} → ${provider_model}`;
}

function drawnText({ arm, assigned, pinned }: ToldJob): string {
  if (pinned) return ' (pinned)';
  return assigned === arm ? '' : ` (drawn: ${assigned})`;
}

function webhookText({ webhook, ended_at }: ToldJob): string {
  if (webhook === null) return ended_at === null ? 'told once it has ended' : 'not told';
  const { attempts, last_error: why, delivered_at, dead_at, next_attempt_at } = webhook;
  if (delivered_at !== null) return `told at ${instant(delivered_at)}`;
  const tries = `${attempts} ${attempts === 1 ? 'try' : 'tries'}`;
  if (dead_at !== null) return `given up after ${tries}: ${why ?? 'no reason is known'}`;
  return attempts === 0
    ? 'waits to be told'
    : `${tries}${why === null ? '' : `: ${why}`}; again at ${instant(next_attempt_at)}`;
}

const instant = (text: string) => new Date(text).toISOString();

const keyText = ({ key_version }: ToldJob) => (key_version === 0 ? "the environment's" : key_version);

function dueText({ due_in_seconds: due, leased_by }: ToldJob): string {
  if (due === null) return '';
  const who = leased_by === null ? '' : ` by ${leased_by}`;
  return due <= 0 ? `, due now${who}` : `, due in ${ageText(due)}`;
}

function costText({ cost_usd, cost_basis, units, charged }: ToldJob): string {
  const amount = cost_usd === null ? 'not known' : `$${cost_usd} (${cost_basis ?? 'unknown'})`;
  return `${amount}${units === null ? '' : `, ${units} units`}, charged: ${charged}`;
}
