import type { ProviderHealth, SplitHealth } from '@/lib/api/views';
import { firstSplit } from '@/lib/split/split-key';
import { primaryOf, shareOf } from '@/lib/split/weights';
import type { DataPlane } from '../request/data-plane';
import { inOurWords } from '../request/in-our-words';
import type { Lane } from '../request/lane';
import type { LiveSplit } from '../weights/live-split';
import { ownTrouble } from './own-trouble';
import { callsNotes, noneSucceeds, type Say, sentProviders } from './what-calls-say';

/** A probe older than this says nothing about now. */
const probeGoodForMs = 45_000;
/** Real traffic newer than this says more than a probe. */
const trafficGoodForMs = 30_000;

const inItsWords: Say = (said) => said;

interface Standing {
  readonly isDeprecated?: boolean;
  /** Some arm of it has a share: what its calls said holds until others say better. */
  readonly isSent: boolean;
}

/** By authenticated probes and by real traffic: a host that answers 401 is not well. */
export function providerHealth(
  lane: Lane,
  { isDeprecated = false, isSent }: Standing,
  nowMs: number,
  say: Say = inItsWords,
): ProviderHealth {
  const deprecated = isDeprecated ? ({ deprecated: true } as const) : {};
  const { configured, whyNot } = lane.provider;
  if (!configured) {
    return { ok: false, latency_ms: null, error: whyNot, configured, ...deprecated };
  }
  const { probe, traffic } = lately(lane, nowMs);
  const latency = probe?.result.ok ? probe.result.latencyMs : (traffic?.latencyMs ?? probe?.result.latencyMs ?? null);
  const error = errorOf(lane, probe, traffic, nowMs, say) ?? (isSent ? noneSucceeds(lane, nowMs, say) : null);
  const latency_ms = latency === null ? null : Math.round(latency);
  return { ok: error === null, latency_ms, error, configured, ...deprecated };
}

function lately(lane: Lane, nowMs: number): Pick<Lane, 'probe' | 'traffic'> {
  const probe = lane.probe && nowMs - lane.probe.atMs <= probeGoodForMs ? lane.probe : null;
  const traffic = lane.traffic && nowMs - lane.traffic.atMs <= trafficGoodForMs ? lane.traffic : null;
  return { probe, traffic };
}

/** A process that has just started knows nothing of a provider: no good news, and no bad news either. */
export function isKnown(lane: Lane, nowMs: number): boolean {
  const { probe, traffic } = lately(lane, nowMs);
  return !lane.provider.configured || probe !== null || traffic?.ok === true;
}

function errorOf(lane: Lane, probe: Lane['probe'], traffic: Lane['traffic'], nowMs: number, say: Say): string | null {
  const ofTraffic = traffic?.error ? say(traffic.error, traffic.kind) : 'five failed in a row';
  const breaker = lane.breaker.state(nowMs);
  // Where a call may try and none comes, traffic will not show it: the probe decides.
  if (breaker === 'open' || (breaker === 'half_open' && traffic)) return `calls are held back: ${ofTraffic}`;
  // One failed call among good ones is traffic; a key that was refused is refused for every call.
  const isKeyRefused = traffic?.kind === 'auth' || traffic?.kind === 'balance';
  if (isKeyRefused && !(probe?.result.ok && probe.atMs > traffic.atMs)) return ofTraffic;
  if (probe && !probe.result.ok && !(traffic?.ok && traffic.atMs > probe.atMs)) {
    return say(probe.result.error ?? 'the probe failed', probe.result.errorKind ?? null);
  }
  if (!probe && !traffic?.ok) return 'not probed yet';
  return null;
}

interface Health {
  readonly servable: boolean;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What `.splits` of GET /api/health says: each split that is not archived, by its slug. */
export function splitsHealth(
  plane: Pick<DataPlane, 'splits' | 'lanes' | 'clock'>,
): Readonly<Record<string, SplitHealth>> {
  const { splits, lanes, clock } = plane;
  const nowMs = clock.monotonic();
  const live = [...splits.all.values()].filter(({ isArchived }) => !isArchived);
  const sent = sentProviders(plane);
  const unwell = (split: LiveSplit) => unwellArms(split, lanes, sent, nowMs);
  return Object.fromEntries(
    live.map((split) => [split.slug, splitHealth(split, splits.faultOf(split.key), unwell(split))]),
  );
}

/** What is known to be wrong with the providers of arms that are called all the same. */
function unwellArms(
  { arms, armFaults }: LiveSplit,
  lanes: DataPlane['lanes'],
  sent: ReadonlySet<string>,
  nowMs: number,
): [string, string][] {
  return [...arms.values()].flatMap(({ name, provider }): [string, string][] => {
    const lane = armFaults.has(name) ? undefined : lanes.get(provider);
    if (!lane?.provider.configured || !isKnown(lane, nowMs)) return [];
    const { error } = providerHealth(lane, { isSent: sent.has(provider) }, nowMs, inOurWords);
    return error === null ? [] : [[name, `${provider}: ${error}`]];
  });
}

function splitHealth(split: LiveSplit, registryFault: string | null, unwell: [string, string][]): SplitHealth {
  const { routing, names } = split;
  // A provider that nobody weighs here is no trouble of this split's.
  const faults = [...split.armFaults].filter(
    ([arm]) =>
      split.isOwn(arm) || shareOf(routing?.effective ?? {}, arm) > 0 || shareOf(routing?.weights ?? {}, arm) > 0,
  );
  return {
    stage: routing?.stage ?? null,
    weights: routing?.weights ?? null,
    version: routing?.version ?? null,
    primary: routing && names ? primaryOf(routing.weights, names.baseline) : null,
    fault: split.fault ?? registryFault,
    ...(faults.length > 0 ? { arms: Object.fromEntries(faults) } : {}),
    ...(unwell.length > 0 ? { unwell: Object.fromEntries(unwell) } : {}),
  };
}

/** The body of GET /api/health. `servable` is false only when no request could be served at all. */
export function readHealth(plane: DataPlane): Health {
  const nowMs = plane.clock.monotonic();
  const { routing, names } = plane.weights;
  const sent = sentProviders(plane);
  const providers = new Map(
    [...plane.lanes].map(([name, lane]) => {
      const standing = { isDeprecated: names.deprecated.includes(name), isSent: sent.has(name) };
      return [name, providerHealth(lane, standing, nowMs, inOurWords)];
    }),
  );
  const servable = [...plane.splits.all.values()].some((split) => isServable(split, plane.lanes, nowMs));
  const notes = callsNotes(plane.lanes, (name) => providers.get(name)?.ok === true, nowMs);
  const checks = [...checksOf(plane, nowMs), { name: 'providers', ok: true, detail: notes }];
  const isDegraded = checks.some(({ ok }) => !ok) || [...providers.values()].some(({ ok }) => !ok);
  const config = { primary: primaryOf(routing.weights, names.baseline), weights: routing.weights };
  return {
    servable,
    body: {
      providers: { ...Object.fromEntries(providers), config },
      status: !servable ? 'down' : isDegraded ? 'degraded' : 'ok',
      mode: plane.isSandbox ? 'sandbox' : 'live',
      weights: {
        version: routing.version,
        stage: routing.stage,
        source: routing.source,
        age_ms: rounded(plane.weights.ageMs()),
        rejected: plane.weights.rejected,
      },
      events: {
        waiting: plane.events.depth(),
        oldest_ms: rounded(plane.events.oldestUnsentMs()),
        stored: plane.events.stored,
        dropped: plane.events.dropped,
      },
      checks,
    },
  };
}

/** Whether any of its arms would be called now. */
function isServable({ routing, names, arms, armFaults }: LiveSplit, lanes: DataPlane['lanes'], nowMs: number): boolean {
  if (routing === null || names === null) return false;
  return [...arms.values()].some(({ name, provider }) => {
    const isMet = name === names.baseline || shareOf(routing.effective ?? {}, name) > 0;
    return isMet && !armFaults.has(name) && lanes.get(provider)?.breaker.state(nowMs) !== 'open';
  });
}

function checksOf(plane: DataPlane, nowMs: number): { name: string; ok: boolean; detail: string | null }[] {
  const { weights, events, watchdog } = plane;
  const ageMs = weights.ageMs();
  const isFresh = ageMs !== null && ageMs <= 5000;
  const from = { store: 'the last good ones', file: 'the file of the last run', default: 'baseline 100 %' };
  const stale = `the store has not answered for ${ageMs === null ? 'this whole run' : `${Math.round(ageMs / 1000)} s`}; routing by ${from[weights.routing.source]}`;
  const never = 'there is no row yet; everything goes to the baseline';
  const gone = weights.routing.source === 'default' ? never : 'the row is missing; the last good weights stay';
  const missing = weights.missing ? gone : null;
  const trouble = ownTrouble(plane.lanes, nowMs).map(({ detail }) => detail);
  const broken = brokenSplits(plane);
  return [
    { name: 'store', ok: isFresh, detail: isFresh ? null : stale },
    { name: 'weights', ok: weights.fault === null && !weights.missing, detail: weights.fault ?? missing },
    { name: 'splits', ok: broken === null, detail: broken },
    { name: 'events', ok: !events.isAway, detail: events.isAway ? 'events wait for the store' : null },
    { name: 'watchdog', ok: watchdog.silence === null, detail: watchdog.silence },
    { name: 'calls', ok: trouble.length === 0, detail: trouble.length === 0 ? null : trouble.join(' ') },
  ];
}

const mostBroken = 5;

/** The other splits that are not routed as the store says; the first has a check of its own. */
function brokenSplits({ splits }: Pick<DataPlane, 'splits'>): string | null {
  const broken = [...splits.all.values()].filter(
    ({ key, isArchived, weights, fault }) =>
      !isArchived && (splits.faultOf(key) !== null || (key !== firstSplit && weights !== null && fault !== null)),
  );
  const shown = broken.slice(0, mostBroken).map(({ key, slug, fault }) => `${slug}: ${fault ?? splits.faultOf(key)}`);
  if (broken.length > mostBroken) shown.push(`and ${broken.length - mostBroken} more`);
  return shown.length === 0 ? null : shown.join('; ');
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value);
}
