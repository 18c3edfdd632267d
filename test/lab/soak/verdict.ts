import type { JobsSeen } from './jobs';
import type { Reconciled } from './reconcile';
import type { JobsKept } from './reconcile-jobs';
import type { RelayedSeen } from './relays';
import type { driftOf } from './samples';
import type { Events } from './story';
import type { Seen } from './traffic';

export interface Facts {
  readonly minutes: number;
  readonly perSecond: number;
  readonly lastedSeconds: number;
  readonly seen: Seen;
  readonly kept: Reconciled;
  readonly events: Events;
  readonly memory: ReturnType<typeof driftOf>;
  readonly crashes: Readonly<Record<'web' | 'watchdog', number>>;
  /** null: none were ordered. */
  readonly jobs: JobFacts | null;
}

interface JobFacts {
  readonly perSecond: number;
  readonly lastedSeconds: number;
  readonly seen: JobsSeen;
  readonly kept: JobsKept;
  readonly relayed: RelayedSeen;
}

export interface Row {
  readonly what: string;
  readonly seen: string;
  readonly wanted: string;
  readonly ok: boolean;
}

/** Each promise, what was seen of it, and whether it was kept. */
export function judge(facts: Facts): Row[] {
  const { seen, kept, events, memory, crashes } = facts;
  const rate = seen.sent / facts.lastedSeconds;
  const happened = (what: string, ms: number | null) =>
    row(what, ms === null ? 'no' : `after ${(ms / 1000).toFixed(1)} s`, 'yes', ms !== null);
  const attempts = [...seen.answered.values()].reduce((sum, n) => sum + n, 0);
  return [
    row('requests a second', rate.toFixed(1), `${facts.perSecond} ± 5 %`, rate >= facts.perSecond * 0.95),
    none('failed generations', seen.failed, `${seen.sent}`),
    row('answered in', latencies(seen.latenciesMs), 'shown', true),
    none('lost events: requests', kept.lost, `${seen.answered.size}`),
    none('lost events: attempts', kept.lostAttempts, `${attempts}`),
    none('duplicate events: requests', kept.duplicates, `${kept.stored}`),
    none('duplicate events: attempts', kept.duplicateAttempts, `${attempts}`),
    happened('database restarted, weights re-read', events.databaseBackMs),
    happened('watchdog killed, ticks again', events.watchdogBackMs),
    happened('regression rolled back by itself', events.rolledBackMs),
    none('faults in the journal', kept.journalFaults, 'its rows'),
    ...(facts.jobs === null ? [] : judgeJobs(facts.jobs)),
    row('web processes', `${memory.pids}, ${crashes.web} ended early`, '1, 0', memory.pids === 1 && crashes.web === 0),
    row('watchdogs ended', `${crashes.watchdog}`, '1, by us', crashes.watchdog === 1),
    ...memory.drifts.map(({ name, unit, first, last, most, isFlat }) => {
      const digits = unit === '' ? 0 : 1;
      const shown = `${first.toFixed(digits)} → ${last.toFixed(digits)} ${unit}`.trim();
      return row(name, `${shown}, at most ${most.toFixed(digits)}`, 'flat', isFlat);
    }),
    ...(memory.drifts.some(({ name }) => name === 'open descriptors')
      ? []
      : [row('open descriptors', 'not told by this system', 'flat', true)]),
  ];
}

function judgeJobs({ perSecond, lastedSeconds, seen, kept, relayed }: JobFacts): Row[] {
  const rate = seen.ordered / lastedSeconds;
  const made = `${seen.jobs.size}`;
  return [
    row('jobs a second', rate.toFixed(1), `${perSecond} ± 5 %`, rate >= perSecond * 0.95),
    none('failed orders of jobs', seen.failed, `${seen.ordered}, ${seen.postponed} postponed with the database away`),
    row('jobs ordered in', latencies(seen.orderMs), 'shown', true),
    none('polls that told nothing', seen.failedPolls, `${seen.polls}`),
    none('jobs of which nobody knows', kept.lost, made),
    none('jobs whose end was not told', kept.untold, made),
    none('jobs that have not ended', kept.open, `${kept.rows}`),
    none('ends not logged just once', kept.wrongEnds, `${kept.rows}`),
    none('made at a vendor and not bound', kept.unbound, made),
    none('made twice', kept.twice, made),
    ...judgeRelayed(relayed, kept),
  ];
}

function judgeRelayed(seen: RelayedSeen, { lostRelayed, untoldRelayed }: JobsKept): Row[] {
  const made = `${seen.tasks.size}`;
  return [
    none(
      'failed creates of a relay',
      seen.failed,
      `${seen.ordered}, ${seen.postponed} postponed with the database away`,
    ),
    none('looks at relayed tasks that told nothing', seen.failedPolls, `${seen.polls}`),
    none('relayed tasks of which nobody knows', lostRelayed, made),
    none('relayed tasks whose end was not told', untoldRelayed, made),
    none('uploads of 2 MB that came otherwise', seen.brokenUploads, `${seen.uploads}`),
  ];
}

const row = (what: string, shown: string, wanted: string, ok: boolean): Row => ({ what, seen: shown, wanted, ok });
const none = (what: string, n: number, of: string) => row(what, `${n} of ${of}`, '0', n === 0);

function latencies(latenciesMs: readonly number[]): string {
  const sorted = Float64Array.from(latenciesMs).sort();
  const at = (share: number) => Math.round(sorted[Math.ceil(sorted.length * share) - 1] ?? 0);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`;
}

export function table(rows: readonly Row[]): string {
  const widths = (['what', 'seen', 'wanted'] as const).map((key) => Math.max(...rows.map((each) => each[key].length)));
  return rows
    .map(({ what, seen, wanted, ok }) => {
      const cells = [what, seen, wanted].map((text, index) => text.padEnd(widths[index] ?? 0));
      return `${ok ? 'ok  ' : 'FAIL'}  ${cells.join('   ')}`.trimEnd();
    })
    .join('\n');
}
