import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { adapters } from '@/lib/gateway/providers/adapters';
import type { JobRef, JobSeen } from '@/lib/gateway/providers/job-calls';
import type { ErrorKind, JobCalls, Provider, ProviderResult } from '@/lib/gateway/providers/provider';
import type { FaultChange } from '@/lib/gateway/providers/sandbox/faults';
import { openSandboxed, type Sandboxed, vendorRequest } from '../sandboxed';

const names = ['kling', 'aimlapi'] as const;
type Name = (typeof names)[number];

/** For a call that must end by it; any other is given the time that a busy machine needs. */
const soonMs = 700;
const patientMs = 20_000;
const wanted = { prompt: 'a lock gate at dawn', model: 'video', n: 1, requestId: 'r-1' };

let world: Sandboxed;
beforeAll(async () => {
  world = await openSandboxed();
});
afterAll(() => world.close());
afterEach(() => {
  for (const name of names) world.sandbox.restore(name);
});

const within = ({ hang, drip }: FaultChange = {}) => AbortSignal.timeout(hang || drip ? soonMs : patientMs);
const set = (name: Name, change: FaultChange) => world.sandbox.control(name, { latencyMs: 0, jobMs: 0, ...change });

function jobsOf({ jobs }: Provider): JobCalls {
  if (!jobs) throw new Error('it knows no jobs');
  return jobs;
}

const ask = (name: Name, change: FaultChange, provider: Provider = world.providers[name]) => {
  set(name, change);
  const job = { id: randomUUID(), webhookUrl: null };
  return jobsOf(provider).create(vendorRequest(name, wanted), job, within(change));
};

function fails(result: ProviderResult): Extract<ProviderResult, { ok: false }> {
  if (result.ok) throw new Error(`expected a failure, got ${JSON.stringify(result)}`);
  return result;
}

async function accepted(name: Name, change: FaultChange = {}): Promise<JobRef> {
  const result = await ask(name, change);
  if (!result.ok || !result.accepted) throw new Error(`expected a job, got ${JSON.stringify(result)}`);
  expect([result.images, result.costUsd, result.costBasis]).toEqual([[], null, 'unknown']);
  return { id: randomUUID(), ...result.accepted, model: result.model, ageMs: 0 };
}

async function look(name: Name, ref: JobRef, change: FaultChange = {}): Promise<JobSeen> {
  const seen = await jobsOf(world.providers[name]).poll([ref], within(change));
  expect(seen).toHaveLength(1);
  const [first] = seen;
  if (!first) throw new Error('nothing was seen');
  return first;
}

type Row = readonly [string, FaultChange, ErrorKind, number | null, 'no' | 'yes' | 'unknown'];

const creates: readonly Row[] = [
  ['never answers', { hang: true }, 'timeout', null, 'unknown'],
  ['drips a byte each 200 ms', { drip: true }, 'timeout', 200, 'unknown'],
  ['resets the connection', { reset: true }, 'connect', null, 'unknown'],
  ['breaks off in mid-body', { truncate: true }, 'truncated', 200, 'unknown'],
  ['answers 200 with HTML', { html: true }, 'intercepted', 200, 'no'],
  ['answers 200 without an id', { noImage: true }, 'malformed', 200, 'unknown'],
  ['takes the job on and answers 502', { jobBadGateway: true }, 'provider_5xx', 502, 'unknown'],
  ['refuses the key', { unauthorized: true }, 'auth', 401, 'no'],
  ['has no money of ours left', { balance: true }, 'balance', expect.any(Number) as never, 'no'],
  ['refuses the prompt', { contentPolicyRate: 1 }, 'content_policy', 400, 'no'],
  ['fails with 503', { failureRate: 1, status: 503 }, 'provider_5xx', 503, 'no'],
  ['fails with 500 in words of its own', { failureRate: 1, status: 500 }, 'provider_5xx', 500, 'yes'],
  ['is too busy', { rateLimit: { retryAfter: 7 } }, 'rate_limited', 429, 'no'],
];

describe.each(names)('%s', (name) => {
  it.each(creates)('ends a create as it should when the provider %s', async (_, change, kind, status, started) => {
    const result = fails(await ask(name, change));
    expect([result.errorKind, result.httpStatus, result.started]).toEqual([kind, status, started]);
    expect(result.refused).toBe(kind === 'content_policy');
  });

  it('respects Retry-After, and its absence', async () => {
    expect(fails(await ask(name, { rateLimit: { retryAfter: 7 } })).retryAfterMs).toBe(7000);
    expect(fails(await ask(name, { rateLimit: { retryAfter: null } })).retryAfterMs).toBeNull();
  });

  it('says that nothing was sent when nobody listens, or the deadline has passed', async () => {
    const nowhere = adapters[name].create({ key: 'access:secret-secret', baseUrl: 'http://127.0.0.1:9' });
    expect(fails(await ask(name, {}, nowhere))).toMatchObject({ errorKind: 'connect', started: 'no' });
    await nowhere.close();
    const job = { id: randomUUID(), webhookUrl: null };
    const late = await jobsOf(world.providers[name]).create(vendorRequest(name, wanted), job, AbortSignal.abort());
    expect(fails(late)).toMatchObject({ errorKind: 'timeout', started: 'no' });
  });

  it('shows a job in the queue, at work, and done', async () => {
    // Long enough to be seen in each of its states on a busy machine.
    const ref = await accepted(name, { jobMs: 4000 });
    expect(await look(name, ref)).toMatchObject({ kind: 'running', phase: 'queued', progress: null });
    await expect.poll(() => look(name, ref)).toMatchObject({ kind: 'running', phase: 'running' });
    await expect.poll(async () => (await look(name, ref)).kind).toBe('completed');
    const done = await look(name, ref);
    expect(done).toMatchObject({ units: 5, outputs: [{ kind: 'video', contentType: 'video/mp4' }] });
    const video = await fetch(done.kind === 'completed' ? (done.outputs[0]?.url ?? '') : '');
    expect([video.status, video.headers.get('content-type')]).toEqual([200, 'video/mp4']);
  });

  it('shows one that goes back to the queue as it is', async () => {
    const ref = await accepted(name, { jobMs: 4000, jobGoesBack: true });
    const phases: string[] = [];
    await expect
      .poll(
        async () => {
          const seen = await look(name, ref);
          const phase = seen.kind === 'running' ? seen.phase : seen.kind;
          if (phases.at(-1) !== phase) phases.push(phase);
          return phase;
        },
        { timeout: 20_000, interval: 100 },
      )
      .toBe('completed');
    expect(phases).toEqual(['queued', 'running', 'queued', 'running', 'completed']);
  });

  it('tells how a job failed', async () => {
    const ref = await accepted(name, { jobFails: true });
    expect(await look(name, ref)).toMatchObject({ kind: 'failed', errorKind: 'provider_5xx', costUsd: null });
  });

  it('hands a link on behind which there is nothing: that is not known without a call', async () => {
    const ref = await accepted(name, { jobDeadLink: true });
    const done = await look(name, ref);
    expect(done.kind).toBe('completed');
    expect((await fetch(done.kind === 'completed' ? (done.outputs[0]?.url ?? '') : '')).status).toBe(404);
  });

  it('knows no job that is gone, or never was', async () => {
    const gone = await accepted(name, { jobGone: true });
    expect((await look(name, gone)).kind).toBe('absent');
    expect((await look(name, { ...gone, upstreamId: 'never-was' })).kind).toBe('absent');
  });

  it('learns nothing from a look that fails, and names why', async () => {
    const ref = await accepted(name, { jobMs: 60_000 });
    const seenWith = async (change: FaultChange) => {
      set(name, { jobMs: 60_000, polls: true, ...change });
      const seen = await look(name, ref, change);
      world.sandbox.restore(name);
      return [seen.kind, seen.kind === 'unread' ? seen.errorKind : null];
    };
    expect(await seenWith({ unauthorized: true })).toEqual(['unread', 'auth']);
    expect(await seenWith({ failureRate: 1, status: 502 })).toEqual(['unread', 'provider_5xx']);
    expect(await seenWith({ hang: true })).toEqual(['unread', 'timeout']);
    expect(await seenWith({ html: true })).toEqual(['unread', 'intercepted']);
    expect(await seenWith({ truncate: true })).toEqual(['unread', 'truncated']);
    expect(await seenWith({ rateLimit: { retryAfter: 3 } })).toEqual(['unread', 'rate_limited']);
    expect(await seenWith({})).toEqual(['running', null]);
  });

  it('looks at several at once, in their order', async () => {
    const first = await accepted(name, { jobMs: 60_000 });
    const second = await accepted(name, { jobFails: true });
    const calls = jobsOf(world.providers[name]);
    const seen = await calls.poll([second, first, { ...first, upstreamId: 'never-was' }], within());
    expect(seen.map(({ kind }) => kind)).toEqual(['failed', 'running', 'absent']);
    expect(calls.perPoll).toBe(1);
  });

  it('says that nobody there can cancel', async () => {
    expect(await jobsOf(world.providers[name]).cancel(await accepted(name), within())).toEqual({ kind: 'impossible' });
  });

  it('makes no image within the call, and says how to ask', async () => {
    const before = world.sandbox.counters(name).requests;
    const result = fails(await world.providers[name].generate(vendorRequest(name, wanted), within()));
    expect([result.errorKind, result.started, result.isOurs]).toEqual(['rejected', 'no', false]);
    expect(result.message).toContain('as a job');
    expect(world.sandbox.counters(name).requests).toBe(before);
  });

  it('finds a wrong key by its probe and by a create, and calls nobody without one', async () => {
    const baseUrl = world.sandbox[`${name}Url`];
    const wrong = adapters[name].create({ key: 'access:wrong-wrong', baseUrl });
    expect(await wrong.probe(within())).toMatchObject({ ok: false, errorKind: 'auth' });
    expect(fails(await ask(name, {}, wrong))).toMatchObject({ errorKind: 'auth', httpStatus: 401, started: 'no' });
    const keyless = adapters[name].create({ key: null, baseUrl });
    expect(keyless.configured).toBe(false);
    expect(await keyless.probe(within())).toMatchObject({ ok: false, errorKind: 'auth' });
    expect(fails(await ask(name, {}, keyless))).toMatchObject({ errorKind: 'auth', started: 'no' });
    expect(await world.providers[name].probe(within())).toMatchObject({ ok: true, error: null });
    await Promise.all([wrong.close(), keyless.close()]);
  });
});
