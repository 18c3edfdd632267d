import { afterEach, expect, it } from 'vitest';
import { runCell } from '@/test/lab/crash-jobs/cell';
import { chaos } from '@/test/lab/crash-jobs/chaos';
import { faultsOf, readRemains, type Told } from '@/test/lab/crash-jobs/remains';
import { cells, nameOf, relayCells } from '@/test/lab/crash-jobs/steps';
import { type CrashWorld, openCrashWorld } from '@/test/lab/crash-jobs/world';

let world: CrashWorld;
afterEach(() => world.close());

/** Those after which most is at stake; `npm run crash-jobs` is all of them. */
const short = [
  'create: its row is committed; kill -9 web',
  'create: its vendor has taken it; kill -9 web',
  'create: its vendor, who lets us name nothing, has taken it; kill -9 web',
  'create: its binding is written; kill -9 postgres',
  'create: its caller is answered; kill -9 web',
  'end: it is leased; kill -9 poller',
  'end: what was seen is written; kill -9 postgres',
  'end: what was seen is committed; kill -9 poller',
  'relay: its vendor has taken it; kill -9 web',
  'relay: its binding is written; kill -9 postgres',
  'relay: its binding is committed; kill -9 web',
  'asked: what was seen is written; kill -9 web',
  'asked: what was seen is committed; kill -9 postgres',
];

it('no kill between two steps of a job loses an id, makes a job twice or ends one twice', {
  timeout: 480_000,
}, async () => {
  const chosen = [...cells, ...relayCells].filter((cell) => short.includes(nameOf(cell)));
  expect(chosen).toHaveLength(short.length);
  world = await openCrashWorld(1);
  const told: Told[] = [];
  for (const cell of chosen) told.push(...(await runCell(world, cell)));
  expect(faultsOf(await readRemains(world.postgres.sql, world, told))).toEqual([]);
});

it('neither do kills, freezes and resets by chance', { timeout: 480_000 }, async () => {
  world = await openCrashWorld(2);
  const told = await chaos(world, { orders: 160, perSecond: 20, seed: 1, say: () => undefined });
  expect(faultsOf(await readRemains(world.postgres.sql, world, told))).toEqual([]);
});
