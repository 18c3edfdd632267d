import { metricText } from '@/lib/rule/explain';
import { readEvidence } from './evidence';
import type { IncidentView, SideFigures } from './incident-view';
import type { JournalEntry } from './journal-entry';

/** For an issue or a chat: in English, in whatever language the page is, because others read it. */
export function incidentMarkdown(view: IncidentView, url: string | null = null): string {
  const { entry, slug, failures } = view;
  const parts = [
    `# Rollback of ${slug}: ${view.arms.join(', ')}, ${minutes(entry.at)}`,
    [entry.reason === null ? 'No reason was given.' : `> ${inLine(entry.reason)}`, url].filter(Boolean).join('\n\n'),
    section('What happened', incidentLines(view)),
    section('Who was hurt', harmLines(view)),
    failures.length === 0 ? null : failureTable(view),
    section('The baseline', recoveryLines(view)),
    section('Changed in the 24 hours before', view.before.map(changeLine)),
  ];
  return `${parts.filter((part) => part !== null).join('\n\n')}\n`;
}

const section = (title: string, lines: readonly string[]) =>
  lines.length === 0 ? null : `## ${title}\n\n${lines.map((line) => `- ${inLine(line)}`).join('\n')}`;

/** When it began, how long it took, and what the weights became. */
export function incidentLines({ entry, times, arms, automatic, rearmed }: IncidentView): string[] {
  const line = readEvidence(entry.evidence).decisive;
  const { breach_began_at: began, seconds_to_rollback: held, last_request_at: last } = times;
  const after = times.seconds_to_last_request;
  return [
    `${entry.stage_from ?? 'no stage'} → ${entry.stage_to ?? 'no stage'}, weights ${entry.was ?? 'none'} → ${entry.becomes ?? 'none'}`,
    `${automatic ? 'The watchdog' : entry.actor} took ${arms.join(', ')} back at ${entry.at}`,
    ...(line === null
      ? []
      : [
          `${line.arm} ${line.metric}: ${metricText(line.metric, line.value)}, line ${line.comparison} ${metricText(line.metric, line.limit)} (n ${line.n})`,
        ]),
    ...(began === null ? [] : [`over its line since ${began}, ${held} s before the rollback`]),
    last === null || after === null
      ? 'the log has no request that was sent to a candidate'
      : `last request drawn for a candidate at ${last}, ${Math.abs(after)} s ${after < 0 ? 'before' : 'after'} the ${began === null ? 'rollback' : 'breach began'}`,
    rearmed === null ? 'not re-armed' : `re-armed at ${rearmed.at} by ${rearmed.by}`,
  ];
}

export function harmLines({ harm, arms }: IncidentView): string[] {
  const people = ({ users, without_user: rest }: IncidentView['harm']['hurt']) =>
    `of ${counted(users, 'user')}${rest > 0 ? `, and ${rest} of nobody known` : ''}`;
  return [
    `${harm.whole ? '' : 'at least '}${counted(harm.requests, 'request')} first sent to ${arms.join(', ')} from ${harm.counted.from} to ${harm.counted.to}`,
    `${counted(harm.hurt.requests, 'request')} (${people(harm.hurt)}) failed for their callers`,
    `${counted(harm.rescued.requests, 'request')} (${people(harm.rescued)}) rescued: another arm answered`,
    ...(harm.slow === null ? [] : [`${counted(harm.slow, 'request')} as slow as the line or slower`]),
  ];
}

function failureTable({ failures }: IncidentView): string {
  const rows = failures.map(({ kind, model, requests, rescued, example }) =>
    [kind, model ?? '', requests, rescued, example?.request_id ?? ''].map((cell) => inCell(String(cell))).join(' | '),
  );
  return [
    '| kind | model | requests | rescued | newest |',
    '|---|---|---|---|---|',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n');
}

function recoveryLines({ recovery, baseline }: IncidentView): string[] {
  const line = (when: string, side: SideFigures | null) =>
    side === null
      ? `${when}: no requests that are still counted`
      : `${when}: ${counted(side.requests, 'request')}, ${metricText('failure_rate', side.failure_rate)} failed, p95 ${metricText('p95_latency_ms', side.p95_latency_ms)}`;
  const { before, during, after } = recovery;
  return [line(`${baseline} before`, before), line('meanwhile', during), line('after', after)];
}

function changeLine({ at, actor, verb, flag_key, stage_from, stage_to, reason }: JournalEntry): string {
  const stages = stage_from === stage_to ? '' : `, ${stage_from ?? 'none'} → ${stage_to ?? 'none'}`;
  return `${minutes(at)} ${actor}: ${verb} of ${flag_key}${stages}${reason === null ? '' : ` (“${reason}”)`}`;
}

const counted = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;
const minutes = (at: string) => `${at.slice(0, 16).replace('T', ' ')} UTC`;
/** Text of others stays in its line and in its cell. */
const inLine = (text: string) => text.replace(/\s+/g, ' ').replace(/[<>]/g, (sign) => (sign === '<' ? '&lt;' : '&gt;'));
const inCell = (text: string) => inLine(text).replaceAll('|', '\\|');
