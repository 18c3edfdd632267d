import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JobPoller } from '@/lib/jobs/poll/poll-jobs';
import { type TestDatabase, testDatabase } from '../../support/database';
import { eventually } from '../../support/eventually';
import { type JobVendor, jobVendor } from '../../support/job-vendor';
import { endEvents, jobRow, readJob, testPoller } from '../../support/polled-jobs';
import { addSplit } from '../../support/splits';

let database: TestDatabase;
let vendor: JobVendor;
const pollers: JobPoller[] = [];

beforeEach(async () => {
  [database, vendor] = await Promise.all([testDatabase(), jobVendor()]);
  await database.sql`insert into sluice.providers (name, adapter, label) values ('kling', 'aimlapi', 'Kling')`;
  await addSplit(database.sql, { key: 'FILM_WEIGHTS', slug: 'film', arms: { kling: 'kling', fal: 'fal' } });
});
afterEach(async () => {
  await Promise.all(pollers.splice(0).map((poller) => poller.stop(500)));
  await vendor.close();
  await database.close();
});

const start = (change: Parameters<typeof testPoller>[1] = {}) => {
  const poller = testPoller(database.sql, change);
  pollers.push(poller);
  poller.start();
  return poller;
};
const row = (id: string) => readJob(database.sql, id);
const job = (change: Parameters<typeof jobRow>[2] = {}) => jobRow(database.sql, vendor.url, change);
const until = (id: string, state: string) =>
  eventually(
    async () => (await row(id)).state,
    (now) => now === state,
    15_000,
  );

test('a job is followed to its end: progress never goes back, the end is written and logged once', async () => {
  vendor.jobs.set('u1', { state: 'running', progress: 0.5 });
  const id = await job({ upstream_id: 'u1' });
  start();
  await until(id, 'running');
  vendor.jobs.set('u1', { state: 'running', progress: 0.2 });
  const { polls } = await row(id);
  await eventually(
    async () => (await row(id)).polls,
    (now) => now > polls + 2,
    15_000,
  );
  expect((await row(id)).progress).toBe(0.5);
  vendor.jobs.set('u1', { state: 'done' });
  await until(id, 'completed');
  expect(await row(id)).toMatchObject({ progress: 1, due_at: null, leased_by: null, charged: 'yes', blocked: null });
  expect((await row(id)).outputs).toEqual([
    { url: 'https://cdn.test/u1.mp4', kind: 'video', content_type: 'video/mp4', seconds: 5 },
  ]);
  const events = await endEvents(database.sql);
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({
    event_type: 'split_ok',
    event_data: {
      job_id: id,
      phase: 'end',
      request_id: 'r1',
      split: 'FILM_WEIGHTS',
      arm: 'kling',
      provider: 'kling',
      cost_usd: 0.5,
      units: 5,
      cost_per_unit: 0.1,
    },
  });
  expect(events[0]?.event_data).not.toHaveProperty('invalid');
  expect(events[0]?.event_data.duration_ms).toBeGreaterThan(0);
  expect(Date.parse(String(events[0]?.event_data.created_at))).toBeGreaterThan(0);
});

test('three pollers: no job is asked for twice at once, each ends once and is logged once', async () => {
  vendor.latencyMs = 15;
  const ids = await Promise.all(
    Array.from({ length: 120 }, (_, at) => {
      vendor.jobs.set(`u${at}`, { state: 'running' });
      return job({ upstream_id: `u${at}` });
    }),
  );
  for (let each = 0; each < 3; each += 1) start();
  await eventually(
    () => vendor.asked.length,
    (asked) => asked > 500,
    25_000,
  );
  for (const id of vendor.jobs.keys()) vendor.jobs.set(id, { state: 'done' });
  const open = async () => (await database.sql`select from sluice.jobs where ended_at is null`).length;
  await eventually(open, (left) => left === 0, 25_000);
  expect(vendor.mostAtOnce).toBe(1);
  const logged = (await endEvents(database.sql)).map(({ event_data }) => event_data.job_id);
  expect([...logged].sort()).toEqual([...ids].sort());
});

test('a failure is the arm’s, a caller’s cancellation is nobody’s', async () => {
  const failed = await job({ upstream_id: 'u1' });
  const cancelled = await job({ upstream_id: 'u2', cancel_asked_at: new Date() });
  vendor.jobs.set('u1', { state: 'failed', message: 'no GPU' });
  vendor.jobs.set('u2', { state: 'running' });
  start();
  await until(failed, 'failed');
  await until(cancelled, 'cancelled');
  expect(vendor.cancelled).toEqual(['u2']);
  const events = new Map((await endEvents(database.sql)).map((event) => [event.event_data.job_id, event]));
  expect(events.get(failed)).toMatchObject({
    event_type: 'split_failed',
    event_data: { error: 'no GPU', outcome: 'failed' },
  });
  expect(events.get(cancelled)).toMatchObject({ event_type: 'split_failed', event_data: { outcome: 'cancelled' } });
  expect(events.get(cancelled)?.event_data).not.toHaveProperty('error');
});

test('a vendor that was asked to cancel and no longer knows the job has cancelled it', async () => {
  const id = await job({ upstream_id: 'gone', cancel_asked_at: new Date() });
  start();
  await until(id, 'cancelled');
  expect((await row(id)).cancel_said).toBe('absent');
});

test('a create without an answer is found by reading, and never made again', async () => {
  const id = await job({ state: 'unknown' });
  vendor.jobs.set(id, { state: 'running' });
  start();
  await until(id, 'running');
  expect((await row(id)).upstream_id).toBe(id);
});

test('a row of a process that died before the answer becomes unknown, then what the vendor says', async () => {
  const [found, lost] = [await job({ state: 'attempting' }), await job({ state: 'attempting' })];
  vendor.jobs.set(found, { state: 'done' });
  start();
  await until(found, 'completed');
  await until(lost, 'unknown');
  expect(await endEvents(database.sql)).toHaveLength(1);
});

test('an unknown create that is not found within ten minutes is given up, and counts against nobody', async () => {
  const [young, old] = [await job({ state: 'unknown' }), await job({ state: 'unknown', ageMs: 601_000 })];
  start();
  await until(old, 'unknown_final');
  expect((await row(young)).state).toBe('unknown');
  expect(await endEvents(database.sql)).toEqual([]);
});

test('where the vendor lets us name no job, an unknown create is not asked for', async () => {
  const [young, old] = [await job({ state: 'unknown' }), await job({ state: 'unknown', ageMs: 601_000 })];
  start({ habits: { readsUnknown: false } });
  await until(old, 'unknown_final');
  expect((await row(young)).state).toBe('unknown');
  expect(vendor.asked).toEqual([]);
});

test('what does not end within its provider’s age limit is a failure, but only after a look', async () => {
  vendor.jobs.set('u1', { state: 'running' });
  vendor.jobs.set('u2', { state: 'done' });
  const stuck = await job({ upstream_id: 'u1', ageMs: 3_600_000 });
  const done = await job({ upstream_id: 'u2', ageMs: 3_600_000 });
  start();
  await until(stuck, 'expired');
  await until(done, 'completed');
  const events = (await endEvents(database.sql)).map(({ event_data }) => event_data);
  expect(events.find(({ job_id }) => job_id === stuck)).toMatchObject({ error_kind: 'timeout', phase: 'end' });
});

test('a job that the vendor does not know is failed after five looks, and not in its first minute', async () => {
  const [young, old] = [await job({ upstream_id: 'a' }), await job({ upstream_id: 'b', ageMs: 61_000 })];
  start();
  await until(old, 'failed');
  expect(vendor.asked.filter(({ id }) => id === 'b')).toHaveLength(5);
  await eventually(
    () => vendor.asked.filter(({ id }) => id === 'a').length,
    (asked) => asked > 6,
    15_000,
  );
  expect((await row(young)).state).toBe('accepted');
});

test('a key that is gone blocks its jobs, of which none fails; with the key back they go on', async () => {
  const keys = new Map([[1, 'key-1']]);
  vendor.keys.add('key-1');
  vendor.jobs.set('u1', { state: 'running' });
  const id = await job({ upstream_id: 'u1', key_version: 1 });
  start({ key: ({ keyVersion }) => keys.get(keyVersion) ?? null });
  await until(id, 'running');
  keys.delete(1);
  await eventually(
    async () => (await row(id)).blocked,
    (why) => why !== null,
    15_000,
  );
  expect(await row(id)).toMatchObject({ state: 'running', blocked: 'kling has key version 1 no more' });
  keys.set(1, 'key-1');
  vendor.jobs.set('u1', { state: 'done' });
  await database.sql`update sluice.jobs set due_at = now()`;
  await until(id, 'completed');
  expect((await row(id)).blocked).toBeNull();
});

test('each job is asked for with the key that made it', async () => {
  for (const version of [1, 2]) vendor.keys.add(`key-${version}`);
  for (const id of ['u1', 'u2']) vendor.jobs.set(id, { state: 'done' });
  const [old, young] = [
    await job({ upstream_id: 'u1', key_version: 1 }),
    await job({ upstream_id: 'u2', key_version: 2 }),
  ];
  start();
  await until(old, 'completed');
  await until(young, 'completed');
  expect(Object.fromEntries(vendor.asked.map(({ id, key }) => [id, key]))).toEqual({ u1: 'key-1', u2: 'key-2' });
});

test('a refused key blocks with the vendor’s sentence, and the vendor is left alone', async () => {
  vendor.keys.clear();
  const ids = await Promise.all(Array.from({ length: 20 }, (_, at) => job({ upstream_id: `u${at}` })));
  const { counts } = start({ limits: { callsAtOnce: 1 } });
  const blocked = async () =>
    (await database.sql`select from sluice.jobs where blocked like '%refuses our key%'`).length;
  await eventually(blocked, (count) => count === ids.length, 20_000);
  expect(vendor.asked.length).toBeLessThan(ids.length);
  expect(counts.looks.get('kling', 'auth')).toBe(vendor.asked.length);
});

test('429 with Retry-After is obeyed, and a vendor that is down fails no job', async () => {
  vendor.jobs.set('u1', { state: 'running' });
  const id = await job({ upstream_id: 'u1' });
  vendor.fault = { status: 429, headers: { 'retry-after': '1' } };
  start();
  await eventually(
    () => vendor.asked.length,
    (asked) => asked >= 1,
    15_000,
  );
  vendor.fault = { status: 503 };
  await eventually(
    () => vendor.asked.length,
    (asked) => asked >= 2,
    15_000,
  );
  expect((vendor.asked[1]?.atMs ?? 0) - (vendor.asked[0]?.atMs ?? 0)).toBeGreaterThan(950);
  // From its fifth failure on it is asked once in a while.
  await eventually(
    () => vendor.asked.length,
    (asked) => asked > 6,
    10_000,
  );
  expect(await row(id)).toMatchObject({ state: 'accepted', ended_at: null });
  vendor.fault = null;
  vendor.jobs.set('u1', { state: 'done' });
  await until(id, 'completed');
});

test('a vendor that hangs holds up no other', async () => {
  const other = await jobVendor();
  try {
    other.latencyMs = 60_000;
    await Promise.all(
      Array.from({ length: 60 }, (_, at) => jobRow(database.sql, other.url, { upstream_id: `h${at}` })),
    );
    vendor.jobs.set('u1', { state: 'done' });
    const id = await job({ upstream_id: 'u1' });
    start({ limits: { callsAtOnce: 2, batch: 10, callWithinMs: 400 } });
    await until(id, 'completed');
    const ended = await database.sql`select from sluice.jobs where ended_at is not null`;
    expect(ended).toHaveLength(1);
  } finally {
    await other.close();
  }
});

test('a poller that stops gives back what it holds', async () => {
  vendor.latencyMs = 60_000;
  await Promise.all(Array.from({ length: 12 }, (_, at) => job({ upstream_id: `u${at}` })));
  const poller = start({ limits: { callsAtOnce: 1 } });
  await eventually(
    () => poller.held,
    (held) => held === 12,
    15_000,
  );
  await poller.stop(500);
  const held = await database.sql`select from sluice.jobs where leased_by is not null`;
  expect(held).toHaveLength(0);
});
