import { readEvidence } from '@/lib/api/evidence';
import type { IncidentView } from '@/lib/api/incident-view';
import type { JournalEntry } from '@/lib/api/journal-entry';
import { isoOrNull } from '@/lib/kernel/instant';
import { Refusal } from '@/lib/kernel/refusal';
import { looselyRead, shareOf } from '@/lib/split/weights';
import type { ChartedControl } from '../series-store';
import { breachBegan } from './breach-began';
import { changesBefore } from './changes-before';
import { figuresOf } from './recovery';

const minuteMs = 60_000;
const besideMs = 15 * minuteMs;
/** Instances follow within a second; this is for those that were cut off. */
const longestTailMs = 10 * minuteMs;

/** One rollback of a split, by its number in the journal of its weights. */
export async function readIncident(control: ChartedControl, seq: number): Promise<IncidentView> {
  const { journal, flags, facts, incidents, metrics } = control;
  const [entry, later, { policy }, { nowMs }] = await Promise.all([
    journal.at(facts.split, seq),
    journal.after(facts.split, seq),
    flags.readPolicy(),
    flags.readSplit(),
  ]);
  const arms = entry === null ? [] : armsOf(entry, policy.baseline);
  if (entry === null || arms.length === 0) throw noIncident(seq, facts.slug, entry);
  const line = readEvidence(entry.evidence).decisive;
  const atMs = Date.parse(entry.at);
  const beganMs = line === null ? null : await breachBegan(control, policy, line, atMs);
  const fromMs = beganMs === null ? atMs - besideMs : beganMs - (line?.windowSeconds ?? 0) * 1000;
  const upMs = later.find(({ becomes }) => arms.some((arm) => shareIn(becomes, arm) > 0))?.at ?? null;
  const tailMs = Math.min(nowMs, atMs + longestTailMs, upMs === null ? Number.POSITIVE_INFINITY : Date.parse(upMs));
  const query = { fromMs, toMs: tailMs, arms, slowFromMs: line?.metric === 'p95_latency_ms' ? line.limit : null };
  const afterMs = Math.min(nowMs, atMs + besideMs);
  const [lastMs, before, buckets] = await Promise.all([
    incidents.lastRequest(query),
    changesBefore(journal, facts.split, entry),
    metrics.buckets(fromMs - besideMs, afterMs),
  ]);
  // What was under way when it was rolled back ended later.
  const countedMs = Math.min(nowMs, Math.max(atMs, lastMs ?? 0) + minuteMs);
  const { harm, failures } = await incidents.harm({ ...query, toMs: countedMs });
  const figures = (from: number, to: number) => figuresOf(buckets, policy.baseline, from, to);
  return {
    ...{ split: facts.split, slug: facts.slug, baseline: policy.baseline, arms, entry, before, failures },
    automatic: /^watchdog/.test(entry.actor),
    times: timesOf(entry, beganMs, lastMs),
    charts: spanOf(fromMs - besideMs, afterMs),
    harm: { ...harm, counted: spanOf(fromMs, countedMs) },
    recovery: {
      before: figures(fromMs - besideMs, fromMs),
      during: figures(fromMs, atMs),
      after: figures(atMs, afterMs),
    },
    rearmed: rearmedIn(later),
  };
}

/** Its candidates with a share that have none after it, where that was a rollback by whatever way. */
function armsOf({ verb, was, becomes, stage_from, stage_to }: JournalEntry, baseline: string): readonly string[] {
  const isRollback = verb === 'rollback' || (stage_to === 'rolled_back' && stage_from !== 'rolled_back');
  const arms = Object.keys(weightsIn(was)).filter((arm) => arm !== baseline);
  return isRollback ? arms.filter((arm) => shareIn(was, arm) > shareIn(becomes, arm)) : [];
}

function timesOf(entry: JournalEntry, beganMs: number | null, lastMs: number | null) {
  const atMs = Date.parse(entry.at);
  const seconds = (ms: number) => Math.round(ms / 100) / 10;
  return {
    breach_began_at: isoOrNull(beganMs),
    rolled_back_at: entry.at,
    last_request_at: isoOrNull(lastMs),
    seconds_to_rollback: beganMs === null ? null : seconds(atMs - beganMs),
    seconds_to_last_request: lastMs === null ? null : seconds(lastMs - (beganMs ?? atMs)),
  };
}

function rearmedIn(later: readonly JournalEntry[]): IncidentView['rearmed'] {
  const found = later.find(({ verb, stage_from, stage_to }) => {
    return verb === 'rearm' || (stage_from === 'rolled_back' && stage_to !== 'rolled_back');
  });
  return found === undefined ? null : { at: found.at, by: found.actor, journal_id: found.id };
}

const spanOf = (fromMs: number, toMs: number) => ({
  from: new Date(fromMs).toISOString(),
  to: new Date(toMs).toISOString(),
});

/** What raw SQL wrote may be no weights at all. */
const weightsIn = (text: string | null) => looselyRead(text) ?? {};
const shareIn = (text: string | null, arm: string): number => shareOf(weightsIn(text), arm);

function noIncident(seq: number, slug: string, entry: JournalEntry | null): Refusal {
  const why =
    entry === null ? 'the journal of its weights is not that long' : `that entry is no rollback (${entry.verb})`;
  return new Refusal('no-such-incident', `The split "${slug}" has no incident ${seq}: ${why}.`);
}
