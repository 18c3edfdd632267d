import type { RedLineView, Snapshot } from '@/lib/api/snapshot';
import { metricName, metricText } from '@/lib/rule/explain';
import { countedBy } from '@/lib/split/policy/metrics';

type Tone = 'well' | 'breach' | 'caution' | 'unknown';

/** What a chat is shown of a split, in English. No person is named and nothing that a caller or a provider wrote is told. */
export interface CardView {
  readonly slug: string;
  readonly stage: string;
  readonly share: string;
  readonly tone: Tone;
  readonly sentence: string;
  readonly next: string;
  readonly plan: readonly {
    readonly name: string;
    readonly share: string;
    readonly height: number;
    readonly state: string;
  }[];
  readonly lines: readonly {
    readonly name: string;
    readonly value: string;
    readonly limit: string;
    readonly tone: Tone;
  }[];
  readonly at: string;
  readonly isSandbox: boolean;
}

const states: Readonly<Record<string, string>> = {
  baseline: 'Baseline',
  rolled_back: 'Rolled back',
  custom: 'Custom weights',
};
const mostLines = 4;
/** More names than these leave no room for anything else. */
const mostNamed = 2;

export function cardView(snapshot: Snapshot): CardView {
  const { slug, stage, plan, red_lines: lines, baseline, weights } = snapshot;
  const candidates = snapshot.arms.filter(({ role }) => role === 'candidate').map(({ name }) => name);
  const judged = snapshot.watchdog.alive ? stateOf(snapshot) : silent;
  return {
    ...{ slug, stage: states[stage] ?? stage },
    share: `${percent(liftOf(weights, baseline))} on ${candidates.length > mostNamed ? `${candidates.length} candidates` : (candidates.length > 0 ? candidates : [snapshot.candidate]).join(', ')}`,
    ...judged,
    next: nextOf(snapshot),
    plan: plan.map(({ name, weights: then, state }) => {
      const height = liftOf(then, baseline);
      return { name, share: percent(height), height, state };
    }),
    lines: [...lines]
      .sort((a, b) => rank(a) - rank(b))
      .slice(0, mostLines)
      .map(lineOf),
    at: `${snapshot.now.slice(0, 19).replace('T', ' ')} UTC`,
    isSandbox: snapshot.mode === 'sandbox',
  };
}

const silent = { tone: 'breach', sentence: 'The watchdog is silent: nobody would roll back.' } as const;

/** Worst first, as the dashboard says it. */
function stateOf(snapshot: Snapshot): { readonly tone: Tone; readonly sentence: string } {
  const { latched, paused, red_lines: lines, observation, story, weights, baseline } = snapshot;
  if (latched) return { tone: 'breach', sentence: fellOf(snapshot, latched) };
  const worst = [...lines].sort((a, b) => rank(a) - rank(b)).at(0);
  if (worst && toneOf(worst) === 'breach') return { tone: 'breach', sentence: overOf(worst) };
  if (liftOf(weights, baseline) === 0) {
    if (story.rearmed === null) return { tone: 'unknown', sentence: 'Everything goes to the baseline.' };
    return { tone: 'unknown', sentence: `Re-armed at ${clock(story.rearmed.at)}: everything goes to the baseline.` };
  }
  if (paused) return { tone: 'caution', sentence: `Paused since ${clock(paused.at)}; rollback stays armed.` };
  if (snapshot.warnings.length > 0) return { tone: 'caution', sentence: 'Worse than the baseline beyond chance.' };
  const { requests, needed_requests: needed } = observation;
  const of = countedBy({ redLines: lines });
  if (requests < needed) return { tone: 'unknown', sentence: `Not enough yet: ${requests} of ${needed} ${of}.` };
  if (worst && toneOf(worst) !== 'well') return { tone: 'unknown', sentence: 'Too little data to call every line ok.' };
  return { tone: 'well', sentence: `Well: all ${lines.length} red lines are clear.` };
}

function fellOf({ story }: Snapshot, { at, by }: NonNullable<Snapshot['latched']>): string {
  const who = by.startsWith('watchdog') ? 'The watchdog rolled back' : 'Rolled back by hand';
  const fell = story.attempts.at(-1)?.ended;
  const from = fell?.stage ? ` from ${fell.stage} ${percent(fell.share)}` : '';
  const why = fell?.metric ? `: ${metricName(fell.metric)} ${metricText(fell.metric, fell.value)}` : '';
  return `${who}${from} at ${clock(at)}${why}.`;
}

function overOf({ metric, value, limit, acts_at: acts }: RedLineView): string {
  const soon = acts === null ? '' : `; rolls back by itself at ${clock(acts)} if it stays`;
  const name = metricName(metric);
  return `${name.charAt(0).toUpperCase()}${name.slice(1)} is ${metricText(metric, value)}, line ${metricText(metric, limit)}${soon}.`;
}

function nextOf({ next, latched, observation, blockers, now }: Snapshot): string {
  if (latched) return 'Waits to be re-armed.';
  if (next === null) return 'The last stage of the plan.';
  const { eligible_at: eligible } = observation;
  if (eligible !== null && Date.parse(eligible) > Date.parse(now))
    return `${next.name} may begin at ${clock(eligible)}.`;
  if (blockers.length > 0)
    return `${next.name} waits for ${blockers.length === 1 ? 'a gate' : `${blockers.length} gates`}.`;
  return `${next.name} may begin.`;
}

const lineOf = (line: RedLineView) => ({
  name: metricName(line.metric),
  value: line.value === null ? '–' : metricText(line.metric, line.value),
  limit: `line ${metricText(line.metric, line.limit)}`,
  tone: toneOf(line),
});

function toneOf({ verdict, action, hindrance }: RedLineView): Tone {
  if (verdict === 'ok') return 'well';
  if (verdict === 'held' || verdict === 'breach')
    return action === 'signal' || hindrance === 'nothing_to_roll_back' ? 'caution' : 'breach';
  return verdict === 'shared_cause' || verdict === 'blind' ? 'caution' : 'unknown';
}

const order: readonly Tone[] = ['breach', 'caution', 'unknown', 'well'];
const rank = (line: RedLineView): number => order.indexOf(toneOf(line));

function liftOf(weights: Readonly<Record<string, number>>, baseline: string): number {
  return Object.entries(weights).reduce((sum, [arm, share]) => (arm === baseline ? sum : sum + share), 0);
}

const percent = (share: number): string => `${Number((share * 100).toPrecision(4))}%`;
const clock = (iso: string): string => `${iso.slice(11, 19)} UTC`;
