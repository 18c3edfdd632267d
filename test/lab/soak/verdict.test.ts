import { expect, it } from 'vitest';
import { type Facts, judge, table } from './verdict';

const good: Facts = {
  ...{ minutes: 1, perSecond: 50, lastedSeconds: 60 },
  seen: {
    ...{ sent: 3000, skipped: 0, failures: [], failed: 0 },
    answered: new Map([
      ['a', 1],
      ['b', 2],
    ]),
    latenciesMs: [10, 20, 30],
  },
  kept: { stored: 2, lost: 0, lostAttempts: 0, duplicates: 0, duplicateAttempts: 0, journalFaults: 0 },
  events: { databaseBackMs: 1000, watchdogBackMs: 2000, rolledBackMs: 20_000 },
  memory: {
    drifts: [{ name: 'resident memory', unit: 'MB', first: 250, last: 255, most: 260, isFlat: true }],
    ...{ pids: 1, count: 60 },
  },
  crashes: { web: 0, watchdog: 1 },
  jobs: null,
};
const goodJobs: NonNullable<Facts['jobs']> = {
  ...{ perSecond: 5, lastedSeconds: 60 },
  seen: {
    ...{ ordered: 300, skipped: 0, postponed: 3, failed: 0, failures: [], polls: 900, failedPolls: 0, orderMs: [5] },
    jobs: new Map([['a', 'completed']]),
  },
  kept: {
    rows: 300,
    open: 0,
    lost: 0,
    untold: 0,
    wrongEnds: 0,
    unbound: 0,
    twice: 0,
    lostRelayed: 0,
    untoldRelayed: 0,
  },
  relayed: {
    ...{
      ordered: 60,
      postponed: 1,
      failed: 0,
      failures: [],
      tasks: new Map([['t', 'SUCCEEDED']]),
      polls: 90,
      failedPolls: 0,
    },
    ...{ uploads: 60, brokenUploads: 0 },
  },
};
const broken = (facts: Facts) => judge(facts).flatMap(({ what, ok }) => (ok ? [] : [what]));

it('keeps every promise of a good run', () => {
  expect(broken(good)).toEqual([]);
  expect(broken({ ...good, jobs: goodJobs })).toEqual([]);
  expect(table(judge(good))).toContain('ok    failed generations');
});

it.each<[string, Partial<Facts>]>([
  ['failed generations', { seen: { ...good.seen, failed: 1 } }],
  ['requests a second', { seen: { ...good.seen, sent: 2849 } }],
  ['lost events: requests', { kept: { ...good.kept, lost: 1 } }],
  ['lost events: attempts', { kept: { ...good.kept, lostAttempts: 1 } }],
  ['duplicate events: requests', { kept: { ...good.kept, duplicates: 1 } }],
  ['duplicate events: attempts', { kept: { ...good.kept, duplicateAttempts: 1 } }],
  ['regression rolled back by itself', { events: { ...good.events, rolledBackMs: null } }],
  ['web processes', { crashes: { web: 1, watchdog: 1 } }],
  ['watchdogs ended', { crashes: { web: 0, watchdog: 2 } }],
])('breaks on %s', (what, change) => {
  expect(broken({ ...good, ...change })).toEqual([what]);
});

it.each<[string, Partial<(typeof goodJobs)['kept']>]>([
  ['jobs of which nobody knows', { lost: 1 }],
  ['jobs whose end was not told', { untold: 1 }],
  ['jobs that have not ended', { open: 1 }],
  ['ends not logged just once', { wrongEnds: 1 }],
  ['made at a vendor and not bound', { unbound: 1 }],
  ['made twice', { twice: 1 }],
  ['relayed tasks of which nobody knows', { lostRelayed: 1 }],
  ['relayed tasks whose end was not told', { untoldRelayed: 1 }],
])('breaks on %s', (what, change) => {
  expect(broken({ ...good, jobs: { ...goodJobs, kept: { ...goodJobs.kept, ...change } } })).toEqual([what]);
});
