import { setTimeout as sleep } from 'node:timers/promises';
import { readSnapshot } from '@/lib/control/snapshot/read-snapshot';
import { sandboxAggregatorKey } from '@/lib/gateway/providers/sandbox/relays/aggregator';
import { sandboxRunwayKey } from '@/lib/gateway/providers/sandbox/relays/runway';
import { formatDuration } from '@/lib/kernel/duration';
import { shapeOfRelay } from '@/lib/process/doctor/shape-of-relay';
import { type RelaySandbox, startRelaySandbox } from '../sandbox/relays';
import { drain } from './drain';
import type { Stage } from './open-stage';
import { startOrders } from './orders';
import { relayOrders } from './relay-orders';
import { actor, advanceWhenOpen, explain, introduce, type Say, split, until } from './telling';
import { videoPolicy } from './video-policy';

/** Of the environment, by the names of the providers. */
export const relayKeys = { GATHERED_API_KEY: sandboxAggregatorKey, RUNWAY_DIRECT_API_KEY: sandboxRunwayKey };

const [gathered, direct] = ['gathered', 'direct'] as const;
const perSecond = 8;
const healthyInD2Ms = 15_000;
const compressed =
  'Minutes are seconds here: a video takes three seconds, may take 15, and is judged over windows of 20 and 30 s.';
const usual = { latencyMs: 60, jobMs: { median: 2500, p95: 4500 } };
const failing = { jobMs: { median: 9000, p95: 14_000 }, jobFails: 0.6 };

interface Telling {
  readonly say: Say;
  readonly signal: AbortSignal;
}

/** A whole vendor API under a split: from an aggregator to the vendor itself, which begins to fail, and back. */
export async function tellRelayStory(stage: Stage, say: Say, signal: AbortSignal): Promise<void> {
  await introduce(stage, compressed, say);
  const vendors = await startRelaySandbox(7);
  try {
    for (const name of ['aggregator', 'runway'] as const) vendors[name].control(usual);
    const control = await addRelay(stage, vendors);
    say(
      '\nThe relay /runway: whatever comes there goes on as it is, to an aggregator (the baseline) or to the vendor itself',
    );
    say('(the candidate), each with its own key. Callers order videos there as with the vendor’s own client.');
    await compare(stage, say);
    const traffic = startOrders(relayOrders(stage.url), perSecond, signal);
    try {
      await walk(vendors, control, { say, signal });
      const begun = () => vendors.runway.jobs().length;
      await drain(stage, { arm: direct, provider: 'runway-direct', begun }, { say, signal });
    } finally {
      await traffic.stop();
    }
    const { ordered, refused, completed, failed } = traffic.counts;
    const twice = [vendors.aggregator, vendors.runway].flatMap((each) => each.jobs()).filter((job) => job.creates > 1);
    say(`\nCallers ordered ${ordered} videos: ${completed} came, ${failed} failed, ${refused} were not taken.`);
    say(`${twice.length} were made twice, by the books of the vendors, and nobody had to change an address or a key.`);
  } finally {
    await vendors.close();
  }
}

type Control = Stage['control'];

async function addRelay({ controls, url }: Stage, { aggregator, runway }: RelaySandbox): Promise<Control> {
  const by = { actor, reason: 'a demo of relays' };
  const usualRow = { adapter: 'relay', state: 'active', deprecated: false } as const;
  const options = { dialect: 'runway', private: true };
  await controls.registry.putProvider(
    {
      ...{ ...usualRow, name: 'gathered', label: 'Aggregator', baseUrl: aggregator.url },
      options: { ...options, path_prefix: '/runwayml' },
    },
    by,
  );
  await controls.registry.putProvider(
    { ...usualRow, name: 'runway-direct', label: 'Runway', baseUrl: runway.url, options },
    by,
  );
  const arm = (name: string, provider: string) => ({ name, provider, model: null, params: {} });
  const made = await controls.registry.newSplit(
    {
      ...{ slug: 'runway', kind: 'relay', label: 'Runway', isDefault: false, key: undefined },
      ...{ policy: videoPolicy(gathered, direct), match: { prefixes: ['/runway'] } },
      ...{ baseline: arm(gathered, 'gathered'), candidates: [arm(direct, 'runway-direct')] },
    },
    by,
  );
  for (let n = 0; n < 100; n++) {
    const health = (await (await fetch(`${url}/api/health`)).json()) as { splits: Record<string, unknown> };
    if (health.splits[made.slug]) return controls.of(made.key);
    await sleep(100);
  }
  throw new Error('The web process did not learn of the relay within 10 s.');
}

/** What `sluice preflight --split runway --shape` says. */
async function compare({ env, databaseUrl: url }: Stage, say: Say): Promise<void> {
  const secretKey = { whyNot: 'the keys of a demo are in its environment' };
  const shape = await shapeOfRelay({ env, secretKey, url }, 'runway', gathered);
  const parted = [...(shape?.differences ?? []), ...(shape?.troubles ?? [])];
  say(`Asked of both, before anything moves and at no cost: ${shape?.asked.join(' · ')}`);
  say(parted.length === 0 ? 'Both answer alike, as far as that shows.' : parted.join('\n'));
}

async function walk({ runway }: RelaySandbox, control: Control, { say, signal }: Telling): Promise<void> {
  await advanceWhenOpen(control, 'D1', { say, signal });
  await advanceWhenOpen(control, 'D2', { say, signal });
  await sleep(healthyInD2Ms, undefined, { signal });
  runway.control(failing);
  const broken = performance.now();
  say(
    '\nThe vendor still takes every order with 200, and most of its videos fail nine seconds later. No request fails, so',
  );
  say('only who reads what callers are told of their jobs can see it. Nobody touches anything; look at the red lines.');
  const look = () => readSnapshot(control);
  const shot = await until(look, ({ stage }) => stage === 'rolled_back', { say, signal, name: 'the watchdog' });
  const seconds = Math.round((performance.now() - broken) / 1000);
  say(`\nRolled back by ${shot.latched?.by} after ${formatDuration(seconds)}: ${split(shot)}.`);
  say(`Why: ${shot.latched?.reason}`);
  await explain(control, shot, say);
}
