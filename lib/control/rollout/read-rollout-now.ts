import type { TickRecord } from '@/lib/control/ticks/tick-record';
import type { MetricsStore, Neighbours } from '@/lib/log/buckets/metrics-store';
import type { Bucket } from '@/lib/rule/buckets/bucket';
import { gridIndex, gridMs, historySinceMs } from '@/lib/rule/buckets/history';
import { Histories } from '@/lib/rule/buckets/history-of-buckets';
import { decide } from '@/lib/rule/decide';
import type { ArmFacts, Facts, FirstOfUsers } from '@/lib/rule/facts';
import { firstLook, type OpenRun, openRuns, straddles, type Unread } from '@/lib/rule/first-look';
import type { NeighbourLookup, StraddledWindow } from '@/lib/rule/gauges/gauge';
import type { Decision } from '@/lib/rule/verdict';
import type { Policy } from '@/lib/split/policy/policy';
import { isLive } from '@/lib/split/stages';
import type { Control } from '../control';
import type { StoredSplit } from '../flags/stored-flags';
import { blindness, instanceSeconds, newsOf, sayingOf, splitAsRouted } from './as-instances-say';
import { readBeside, repeatsOf, usersOf } from './beside-the-buckets';
import { gateOf } from './gates-of';
import type { JudgedRollout, RolloutNow, RolloutSources } from './rollout-now';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** The observed split is shown over this long, whatever the windows of the policy. */
const shownMs = 600_000;

type Known = Omit<JudgedRollout, 'decision' | 'ticks'> & {
  /** null: nothing advances by itself, and no verb asks. */
  readonly gate: RolloutNow['gate'] | null;
  readonly ticks: { readonly decided: Pick<TickRecord, 'atMs'> | null };
};

/** A watchdog that comes back after a weekend still says what it missed; older misses are left out. */
const missedMs = 3 * dayMs;

export async function readRolloutNow(control: Control): Promise<RolloutNow> {
  const rollout = await rolloutNowOf(control, await control.ticks.last());
  if (isLive(rollout.row.weights, rollout.policy.policy)) return rollout;
  return { ...rollout, elsewhere: await control.facts.elsewhere() };
}

/** The same from inside a tick's transaction, which knows the ticks already. */
export async function rolloutNowOf(sources: RolloutSources, ticks: RolloutNow['ticks']): Promise<RolloutNow> {
  const [split, policy, instances, alerts] = await Promise.all([
    sources.flags.readSplit(),
    sources.flags.readPolicy(),
    sources.instances.list(instanceSeconds),
    sources.alerts.open(),
  ]);
  return rolloutFrom(sources, { split, policy, instances, alerts, ticks });
}

export interface ReadRollout extends Pick<RolloutNow, 'policy' | 'instances' | 'alerts' | 'ticks'> {
  readonly split: StoredSplit;
}

/** The same from what is read of all splits at once. */
export async function rolloutFrom(sources: Judging, read: ReadRollout): Promise<RolloutNow> {
  const known = knownOf(sources, read);
  const [gate, beside] = await Promise.all([
    gateOf(sources.metrics, known),
    readBeside(sources.metrics, sources.facts.split, known),
  ]);
  return { ...(await judged(sources, { ...known, beside }, gate)), gate };
}

/** The same for a tick of what does not advance by itself: what a gate needs is not counted. */
export async function rolloutWithoutGate(sources: Judging, read: ReadRollout): Promise<JudgedRollout> {
  const known = knownOf(sources, read);
  const beside = await readBeside(sources.metrics, sources.facts.split, known);
  return judged(sources, { ...known, beside }, null);
}

function knownOf({ facts }: Judging, { split, policy, instances: seen, alerts, ticks }: ReadRollout) {
  const { nowMs, providers, models } = split;
  const instances = sayingOf(facts.split, seen);
  const row = splitAsRouted(split, policy.policy, instances);
  return { nowMs, row, providers, models, policy, ticks, instances, alerts, blind: blindness(instances, nowMs) };
}

async function judged(
  sources: Judging,
  known: Omit<JudgedRollout, 'buckets' | 'decision'>,
  gate: Known['gate'],
): Promise<JudgedRollout> {
  const buckets = await readBuckets(sources.metrics, known);
  const decision = await judgeNow(sources, { ...known, gate, buckets });
  return { ...known, buckets, decision };
}

/** Windows reach back at most to the rollout's start, so nothing before it needs reading. */
function sinceMsOf({ row, policy: { policy }, nowMs, ticks, beside }: SinceFacts): number {
  const startMs = row.rolloutStartedAtMs ?? nowMs;
  const judgedMs = Math.min(historySinceMs(policy, nowMs), unwatchedSinceMs(policy, ticks.decided, nowMs));
  const warningsMs = Object.values(beside.arms).map(({ warning }) => warning?.sinceMs ?? nowMs);
  const sinceMs = Math.min(judgedMs - beside.reachMs, ...warningsMs);
  return Math.min(Math.max(sinceMs, startMs - 10_000), nowMs - shownMs);
}

type SinceFacts = Pick<Known, 'row' | 'policy' | 'nowMs' | 'ticks' | 'beside'>;

/** What no tick has judged yet, with the window and hold that lead up to its first instant. */
function unwatchedSinceMs({ redLines }: Policy, decided: SinceFacts['ticks']['decided'], nowMs: number): number {
  if (decided === null) return nowMs;
  const longest = Math.max(0, ...redLines.map(({ windowSeconds, holdSeconds }) => windowSeconds + holdSeconds));
  return gridIndex(Math.max(decided.atMs - longest * 1000, nowMs - missedMs)) * gridMs;
}

export function readBuckets(metrics: MetricsStore, known: Omit<Known, 'gate' | 'buckets'>): Promise<readonly Bucket[]> {
  return metrics.buckets(sinceMsOf(known), known.nowMs);
}

type Judging = Pick<RolloutSources, 'metrics' | 'facts'>;

/** The live rule on what the database says now. */
export async function judgeNow(sources: Judging, known: Known): Promise<Decision> {
  return decideBy(sources.metrics, known, await exactFacts(sources, known));
}

/** What the buckets say, with the exact latencies where those cannot tell. */
async function exactFacts({ metrics, facts }: Judging, known: Known): Promise<Unread> {
  const { row, nowMs, buckets, ticks } = known;
  const { policy } = known.policy;
  const { arms, weightsChangedAtMs } = known.beside;
  const histories = new Histories(buckets, policy, sinceMsOf(known), nowMs);
  const seen = {
    state: row,
    policy,
    policyVersion: known.policy.version,
    arms: mapped(arms, ({ basis, ...beside }, arm) => ({
      ...beside,
      history: histories.of(arm, basis),
      blind: known.blind.total,
    })),
    weightsChangedAtMs,
    nowMs,
    baseline: baselineOf(known, policy),
    environmentCostUsd: facts.environmentCostUsd,
    lastTickMs: ticks.decided?.atMs ?? null,
    gate: known.gate,
  };
  const windows = straddles(seen);
  // No `await` where nothing is asked: it would let a hundred splits be judged at once, and all be held in memory.
  const neighbours = windows.length === 0 ? noneAsked : await exactNeighbours(metrics, policy, windows);
  return { ...seen, arms: mapped(seen.arms, (arm, name) => ({ ...arm, neighbours: neighbours(name) })) };
}

async function decideBy(metrics: MetricsStore, known: Known, exact: Unread): Promise<Decision> {
  const { arms } = known.beside;
  const { decision, spans, needsUsers } = firstLook(exact);
  if (spans.length === 0 && needsUsers.length === 0) return decision;
  const repeats = await repeatsOf(metrics, known, spans);
  const users = new Map<string, FirstOfUsers | null>();
  for (const arm of needsUsers) users.set(arm, await usersOf(metrics, known, arm, arms[arm] ?? { warning: null }));
  const told = (arm: Unread['arms'][string], name: string): ArmFacts => ({
    ...arm,
    repeats: repeats(name),
    users: () => users.get(name) ?? null,
  });
  return decide({ ...exact, arms: mapped(exact.arms, told) });
}

function mapped<T, U>(of: Readonly<Record<string, T>>, to: (value: T, name: string) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(of).map(([name, value]) => [name, to(value, name)]));
}

/** What a proposed policy would make of now. */
export interface Proposal {
  readonly decision: Decision;
  /** What it would have acted on in the last hour stands in `decision.missed`; these have not ended. */
  readonly open: readonly OpenRun[];
  /** The rollout as it would be seen by it. */
  readonly rollout: RolloutNow;
}

export async function judgeProposal(sources: RolloutSources, rollout: RolloutNow, proposed: Policy): Promise<Proposal> {
  const policy = { ...rollout.policy, policy: proposed };
  const asked = { ...rollout, policy, ticks: { decided: { atMs: rollout.nowMs - hourMs } } };
  const beside = await readBeside(sources.metrics, sources.facts.split, asked);
  // Its windows may be longer than those of the policy that judges.
  const known = { ...asked, beside, buckets: await readBuckets(sources.metrics, { ...asked, beside }) };
  const facts = await exactFacts(sources, known);
  const decision = await decideBy(sources.metrics, known, facts);
  return { decision, open: openRuns(facts), rollout: { ...rollout, policy, decision } };
}

/** Only a baseline that every router finds dead is unavailable; no report, or a first probe, is not bad news. */
function baselineOf({ instances, nowMs, providers }: Known, { baseline }: Policy): Facts['baseline'] {
  const news = newsOf(instances, providers[baseline] ?? baseline, nowMs);
  if (news.length === 0) return { configured: true, probeOk: true };
  const probeOk = news.some(({ ok, isKnown }) => ok || isKnown === false);
  return { configured: news.some(({ configured }) => configured), probeOk };
}

const noneAsked = (): NeighbourLookup => () => null;

/** Where counts cannot place a p95 beside its line, the raw latencies next to the line do. */
async function exactNeighbours(
  metrics: MetricsStore,
  policy: Policy,
  windows: readonly (StraddledWindow & { readonly arm: string })[],
): Promise<(arm: string) => NeighbourLookup> {
  const providerOf = (arm: string, { role }: StraddledWindow) => (role === 'baseline' ? policy.baseline : arm);
  const key = (provider: string, { fromMs, toMs, limitMs }: StraddledWindow) =>
    `${provider} ${fromMs} ${toMs} ${limitMs}`;
  const asked = new Map(
    windows.map((window) => {
      const provider = providerOf(window.arm, window);
      return [key(provider, window), { ...window, provider }];
    }),
  );
  const found = await Promise.all(
    [...asked].map(async ([name, { provider, fromMs, toMs, limitMs }]): Promise<readonly [string, Neighbours]> => {
      return [name, await metrics.neighbours(provider, fromMs, toMs, limitMs)];
    }),
  );
  const known = new Map(found);
  return (arm) => (window) => known.get(key(providerOf(arm, window), window)) ?? null;
}
