import { setTimeout as wait } from 'node:timers/promises';
import { readSnapshot } from '@/lib/control/snapshot/read-snapshot';
import { pause } from '@/lib/control/verbs/pause';
import { rearm } from '@/lib/control/verbs/rearm';
import { resume } from '@/lib/control/verbs/resume';
import { drainJobs } from './jobs';
import { seedPeople, seedRegression, seedRollout, seedTicks } from './seed';
import { seedSplits } from './seed-splits';
import type { World } from './world';

/** Name → path. In a path `{incident}`, `{request}`, `{failed}`, `{entry}` and `{job}` stand for the newest of them. */
export type Pages = Readonly<Record<string, string>>;

export interface State {
  readonly name: string;
  readonly pages: Pages;
  /** From the state before it; it lasts at least so long, 0 where it is only on the way. */
  reach(world: World, lastsSeconds: number): Promise<void>;
  /** `split` counts down to something: it is taken last, with so many seconds left. */
  readonly leftSeconds?: number;
  /** Pages that are open when the store goes away; the others are opened then. */
  readonly openBefore?: readonly string[];
}

const split = { split: '/s/gen' };
const charts = { charts: '/s/gen/charts?window=1h' };
const requests = { requests: '/s/gen/requests' };
const journal = { journal: '/s/gen/journal' };
const judged = { policy: '/s/gen/policy', providers: '/s/gen/providers' };
const entry = { entry: '/s/gen/journal/{entry}' };
const others = {
  ...{ compare: '/s/gen/compare', settings: '/settings', callers: '/callers', models: '/models', splits: '/splits' },
  ...{ 'sign-in': '/sign-in', nowhere: '/s/nowhere' },
};
const incident = { incident: '/s/gen/incidents/{incident}' };
const settleMs = 12_000;
const holdSeconds = 300;

/** Each is reached from the one before it, through the program where it has a way to it. */
export const states: readonly State[] = [
  {
    name: 'fresh',
    pages: { ...split, ...charts, ...requests, ...journal, ...judged },
    reach: async ({ sandbox }) => {
      // The prices of the seeded hour; they are asked for now and then.
      sandbox.control('fal', { cost: 0.0125 });
      sandbox.control('runware', { cost: 0.0131 });
      await wait(settleMs);
    },
  },
  {
    name: 'healthy',
    pages: {
      ...split,
      ...charts,
      ...requests,
      request: '/s/gen/requests/{request}',
      ...journal,
      ...entry,
      ...judged,
      ...others,
    },
    reach: async (world) => {
      await seedPeople(world.sql);
      await seedRollout(world.sql);
      const latencyMs = { median: 2300, p95: 3900 };
      for (const name of ['fal', 'runware'] as const) world.sandbox.control(name, { latencyMs });
      world.startCallers();
      await until('judged', () => isJudged(world), 60);
      await seedTicks(world.sql);
      // Every process has reported by then, and the split that is observed is of requests that were made.
      await wait(settleMs);
    },
  },
  {
    name: 'paused',
    pages: { ...split, ...charts, ...journal },
    reach: async ({ control }) => {
      const expectedVersion = await versionOf(control);
      await pause(control, {
        actor: 'operator:ann',
        reason: 'the launch is tonight: nothing moves until ten',
        expectedVersion,
      });
    },
  },
  {
    name: 'breach',
    pages: { ...charts, ...requests, ...journal, ...judged, ...split },
    leftSeconds: 44,
    reach: async ({ control, sql, sandbox, tick }, lastsSeconds) => {
      await resume(control, {
        actor: 'operator:ann',
        reason: 'the launch is over',
        expectedVersion: await versionOf(control),
      });
      sandbox.control('runware', { failureRate: 0.6, status: 503 });
      await seedRegression(sql, holdSeconds - Math.max(10, lastsSeconds));
      await tick();
    },
  },
  {
    name: 'rolled-back',
    pages: {
      ...split,
      ...incident,
      ...charts,
      ...requests,
      request: '/s/gen/requests/{failed}',
      ...journal,
      ...entry,
      ...judged,
    },
    reach: async (world) => {
      const { control } = world;
      await until('rolled back', async () => (await readSnapshot(control)).stage === 'rolled_back', 320);
      world.sandbox.control('runware', { failureRate: 0 });
      await wait(settleMs);
    },
  },
  {
    name: 're-armed',
    pages: { ...split, ...incident, ...journal },
    reach: async ({ control }) => {
      const reason = 'Runware added capacity, see their status page';
      await rearm(control, { actor: 'operator:wen', reason, expectedVersion: await versionOf(control) });
    },
  },
  {
    name: 'many-splits',
    pages: {
      home: '/',
      splits: '/splits',
      clips: '/s/clips',
      'clips-charts': '/s/clips/charts?window=1h',
      'clips-providers': '/s/clips/providers',
      portraits: '/s/portraits',
    },
    reach: async (world) => {
      await seedSplits(world);
      await wait(settleMs);
    },
  },
  {
    name: 'jobs-draining',
    pages: {
      split: '/s/film',
      jobs: '/s/film/jobs',
      job: '/s/film/jobs/{job}',
      charts: '/s/film/charts?window=1h',
      policy: '/s/film/policy',
      home: '/',
    },
    reach: drainJobs,
  },
  {
    name: 'store-away',
    pages: { open: '/s/portraits', 'open-home': '/', cold: '/s/gen', 'cold-policy': '/s/gen/policy' },
    openBefore: ['open', 'open-home'],
    reach: async () => undefined,
  },
];

export const stateNames = states.map(({ name }) => name);

async function versionOf({ flags }: World['control']): Promise<number> {
  return (await flags.readSplit()).row?.version ?? 0;
}

/** The last tick saw the seeded hour; the slot of another may have been taken before it. */
async function isJudged({ sql, tick }: World): Promise<boolean> {
  await tick();
  const [row] = await sql<{ value: number | null }[]>`
    select (t.decision -> 'lines' -> 0 ->> 'value')::float8 as value from sluice.ticks t order by t.slot desc limit 1`;
  return row?.value != null;
}

async function until(what: string, isSo: () => Promise<boolean>, seconds: number): Promise<void> {
  for (let n = 0; n < seconds; n++) {
    if (await isSo()) return;
    await wait(1000);
  }
  throw new Error(`Not ${what} after ${seconds} s.`);
}
