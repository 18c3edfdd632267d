import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { adapters } from '@/lib/gateway/providers/adapters';
import type { JobRef, JobSeen } from '@/lib/gateway/providers/job-calls';
import type { JobCalls } from '@/lib/gateway/providers/provider';
import type { FaultChange } from '@/lib/gateway/providers/sandbox/faults';
import { type Sandbox, startSandbox } from '@/scripts/sandbox/start';
import { asked, ended, type JobAdapter, jobNames, jobsOf, make, seen, soon } from './job-world';

let sandbox: Sandbox;
let all: Readonly<Record<JobAdapter, JobCalls & { close(): Promise<void> }>>;
beforeAll(async () => {
  sandbox = await startSandbox();
  const at = (name: JobAdapter) => jobsOf(name, sandbox[`${name}Url`], sandbox[`${name}Key`]);
  all = { fal: at('fal'), runware: at('runware') };
});
afterAll(async () => {
  await Promise.all(jobNames.map((name) => all[name].close()));
  await sandbox.close();
});
afterEach(() => {
  for (const name of jobNames) sandbox.restore(name);
});

const quick = { latencyMs: 0, jobMs: 0 } as const;
const control = (name: JobAdapter, change: FaultChange) => sandbox.control(name, { ...quick, ...change });
/** Short for what must end by it: anything else has the time that a busy machine needs. */
const within = (change: FaultChange) => soon(change.hang || change.drip ? 300 : 20_000);
const jobOf = (name: JobAdapter, id: string) => sandbox.jobs(name).find((job) => job.id === id);

function completed(last: JobSeen): Extract<JobSeen, { kind: 'completed' }> {
  if (last.kind !== 'completed') throw new Error(JSON.stringify(last));
  return last;
}

describe.each(jobNames)('a job at %s', (name) => {
  const later = async (ref: JobRef) => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    return seen(all[name], ref);
  };

  it('is made, worked on, and ends with a video that can be fetched in parts', async () => {
    // Long enough to be seen in each of its states on a busy machine.
    control(name, { jobMs: 4000, cost: 0.08 });
    const { id, result, ref } = await make(name, all[name]);
    expect(result).toMatchObject({ ok: true, images: [], costUsd: null, costBasis: 'unknown' });
    const phases = new Set<string>();
    let last = await seen(all[name], ref);
    for (; last.kind === 'running'; last = await later(ref)) phases.add(last.phase);
    expect([...phases]).toEqual(['queued', 'running']);
    const { outputs, units, costUsd, payload } = completed(last);
    expect(outputs).toEqual([expect.objectContaining({ kind: 'video', contentType: 'video/mp4' })]);
    expect([units, payload !== null]).toEqual([10, true]);
    expect(costUsd).toBeCloseTo(0.8);
    const url = outputs[0]?.url ?? '';
    const whole = await fetch(url);
    expect([whole.status, whole.headers.get('content-type')]).toEqual([200, 'video/mp4']);
    const bytes = Buffer.from(await whole.arrayBuffer());
    expect(bytes.toString('latin1', 4, 8)).toBe('ftyp');
    const part = await fetch(url, { headers: { range: 'bytes=4-7' } });
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
      206,
      `bytes 4-7/${bytes.length}`,
      'ftyp',
    ]);
    expect((await fetch(url, { headers: { range: `bytes=${bytes.length}-` } })).status).toBe(416);
    expect(jobOf(name, ref.upstreamId ?? id)).toMatchObject({ creates: 1, state: 'ended', prompt: 'a lock gate' });
  });

  it('is not made by a call for images, which would pay for it and have none', async () => {
    const before = sandbox.counters(name).requests;
    const provider = adapters[name].create({ key: sandbox[`${name}Key`], baseUrl: sandbox[`${name}Url`] });
    const result = await provider.generate(asked(name), soon());
    expect(result).toMatchObject({ ok: false, errorKind: 'rejected', started: 'no' });
    expect(sandbox.counters(name).requests).toBe(before);
    await provider.close();
  });

  it('makes images too', async () => {
    control(name, {});
    const { ref } = await make(name, all[name], { model: 'flux-schnell', n: 2, width: 1024, height: 1024 });
    const { outputs, units } = completed(await ended(all[name], ref));
    expect(outputs.map(({ kind }) => kind)).toEqual(['image', 'image']);
    expect(units).toBe(2);
  });

  it('is told where to say that something is new', async () => {
    control(name, {});
    const { ref } = await make(name, all[name], {}, 'https://sluice.example/api/jobs/webhooks/x/1?token=t&u=1');
    expect(jobOf(name, ref.upstreamId ?? '')?.webhookUrl).toBe(
      'https://sluice.example/api/jobs/webhooks/x/1?token=t&u=1',
    );
  });

  it('fails, and says why', async () => {
    control(name, { jobFails: true });
    const { ref } = await make(name, all[name]);
    const last = await ended(all[name], ref);
    const kind = name === 'fal' ? 'provider_5xx' : 'gateway_timeout';
    expect(last).toMatchObject({ kind: 'failed', errorKind: kind, charged: 'unknown', costUsd: null });
    expect(last.kind === 'failed' && last.payload).toMatchObject(name === 'fal' ? { detail: 'The runner failed' } : {});
  });

  it('is refused by the content policy', async () => {
    control(name, { contentPolicyRate: 1 });
    const { result, ref } = await make(name, all[name]);
    if (name === 'runware') expect(result).toMatchObject({ ok: false, errorKind: 'content_policy', refused: true });
    else expect(await ended(all[name], ref)).toMatchObject({ kind: 'failed', errorKind: 'content_policy' });
  });

  it('ends without a file', async () => {
    control(name, { noImage: true });
    const { ref } = await make(name, all[name]);
    expect(await ended(all[name], ref)).toMatchObject({ kind: 'failed', errorKind: 'empty' });
  });

  it('never ends', async () => {
    control(name, { jobNeverEnds: true });
    const { ref } = await make(name, all[name]);
    for (let i = 0; i < 3; i += 1) expect(await seen(all[name], ref)).toMatchObject({ kind: 'running' });
  });

  it('goes back, and that is told as it is', async () => {
    control(name, { jobMs: 4000, jobGoesBack: true });
    const { ref } = await make(name, all[name]);
    const phases: string[] = [];
    const progress: number[] = [];
    for (let last = await seen(all[name], ref); last.kind === 'running'; last = await later(ref)) {
      if (phases.at(-1) !== last.phase) phases.push(last.phase);
      if (last.progress !== null) progress.push(last.progress);
    }
    expect(phases).toEqual(['queued', 'running', 'queued', 'running']);
    const falls = progress.some((value, at) => value < (progress[at - 1] ?? 0));
    expect(falls).toBe(name === 'runware');
    expect(progress.every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  it('ends with a link that leads nowhere', async () => {
    control(name, { jobDeadLink: true });
    const { ref } = await make(name, all[name]);
    const { outputs } = completed(await ended(all[name], ref));
    expect((await fetch(outputs[0]?.url ?? '')).status).toBeGreaterThanOrEqual(400);
  });

  it('is not known any more once its result is gone', async () => {
    control(name, { jobGone: true });
    const { ref } = await make(name, all[name]);
    expect(await ended(all[name], ref)).toMatchObject({ kind: 'absent' });
  });

  it('is not known to its provider', async () => {
    control(name, {});
    const unknown: JobRef = {
      id: '7b6a2a44-1111-4222-8333-444455556666',
      upstreamId: 'nobody',
      upstream: {},
      model: 'fal-ai/x',
      ageMs: 0,
    };
    expect(await seen(all[name], unknown)).toMatchObject({ kind: 'absent' });
  });

  it('is hidden behind a 502: unknown, made once, and found by reading where we named it', async () => {
    control(name, { jobBadGateway: true });
    const { id, result, ref } = await make(name, all[name]);
    expect(result).toMatchObject({ ok: false, started: 'unknown', errorKind: 'provider_5xx', httpStatus: 502 });
    expect(sandbox.jobs(name).filter(({ creates }) => creates > 1)).toEqual([]);
    const last = await ended(all[name], ref);
    if (name === 'fal') expect(last).toMatchObject({ kind: 'absent', message: expect.stringContaining('by our id') });
    else expect(last).toMatchObject({ kind: 'completed', accepted: { upstreamId: id, upstream: {} } });
    expect(all[name].readsUnknown).toBe(name === 'runware');
  });

  it.each([
    ['says nothing', { hang: true }, 'timeout'],
    ['is cut', { truncate: true }, 'truncated'],
    ['resets', { reset: true }, 'connect'],
  ] as const)('is taken on by a provider that %s: unknown', async (_, change, errorKind) => {
    control(name, change);
    const before = sandbox.jobs(name).length;
    const result = await all[name].create(asked(name), { id: crypto.randomUUID(), webhookUrl: null }, within(change));
    expect(result).toMatchObject({ ok: false, errorKind, started: 'unknown' });
    expect(sandbox.jobs(name).length).toBe(before + 1);
  });

  it.each([
    ['answers with a web page', { html: true }, 'intercepted', 200],
    ['lets no key in', { unauthorized: true }, 'auth', 401],
    ['has no money left', { balance: true }, 'balance', null],
    ['is too busy', { rateLimit: { retryAfter: 7 } }, 'rate_limited', 429],
    ['is away', { failureRate: 1, status: 503 }, 'provider_5xx', 503],
  ] as const)('is not begun by a provider that %s', async (_, change, errorKind, status) => {
    control(name, change);
    const before = sandbox.jobs(name).length;
    const { result } = await make(name, all[name]);
    expect(result).toMatchObject({ ok: false, errorKind, started: 'no', ...(status ? { httpStatus: status } : {}) });
    expect(!result.ok && result.retryAfterMs).toBe(errorKind === 'rate_limited' ? 7000 : null);
    expect(sandbox.jobs(name).length).toBe(before);
  });

  it.each([
    ['hangs', { hang: true }, 'timeout'],
    ['drips', { drip: true }, 'timeout'],
    ['resets', { reset: true }, 'connect'],
    ['is cut', { truncate: true }, 'truncated'],
    ['is a web page', { html: true }, 'intercepted'],
    ['is a 401', { unauthorized: true }, 'auth'],
    ['is a 503', { failureRate: 1, status: 503 }, 'provider_5xx'],
    ['is a 429', { rateLimit: { retryAfter: 7 } }, 'rate_limited'],
    ['is a refusal for want of money', { balance: true }, 'balance'],
  ] as const)('is not judged by a look that %s', async (_, change, errorKind) => {
    control(name, {});
    const { ref } = await make(name, all[name]);
    control(name, { ...change, polls: true });
    const [last] = await all[name].poll([ref], within(change));
    expect(last).toMatchObject({ kind: 'unread', errorKind });
    expect(last?.kind === 'unread' && last.retryAfterMs).toBe(errorKind === 'rate_limited' ? 7000 : null);
    sandbox.restore(name);
    expect(await ended(all[name], ref)).toMatchObject({ kind: 'completed' });
  });
});

it('fal: is cancelled, once', async () => {
  control('fal', { jobMs: 60_000 });
  const { ref } = await make('fal', all.fal);
  expect(await all.fal.cancel(ref, soon())).toEqual({ kind: 'asked' });
  expect(await seen(all.fal, ref)).toMatchObject({ kind: 'cancelled', charged: 'unknown' });
  expect(await all.fal.cancel(ref, soon())).toEqual({ kind: 'late' });
  expect(await all.fal.cancel({ ...ref, upstreamId: 'nobody' }, soon())).toEqual({ kind: 'absent' });
});

it('runware: has no way to cancel', async () => {
  control('runware', { jobMs: 60_000 });
  const { ref } = await make('runware', all.runware);
  expect(await all.runware.cancel(ref, soon())).toEqual({ kind: 'impossible' });
});

it('runware: fifty tasks are asked for in one call, each with what became of it', async () => {
  const made: JobRef[] = [];
  for (const change of [{}, { jobFails: true }, { jobMs: 60_000 }, { jobGone: true }, { jobBoth: true }]) {
    sandbox.restore('runware');
    control('runware', change);
    for (let i = 0; i < 10; i += 1) made.push((await make('runware', all.runware)).ref);
  }
  const before = sandbox.counters('runware').poll ?? 0;
  const all50 = await all.runware.poll(made, soon());
  expect((sandbox.counters('runware').poll ?? 0) - before).toBe(1);
  const kinds = ['completed', 'failed', 'running', 'absent', 'failed'];
  expect(all50.map(({ kind }) => kind)).toEqual(kinds.flatMap((kind) => Array(10).fill(kind)));
  // What was made beside an error was billed.
  expect(all50[45]).toMatchObject({ kind: 'failed', charged: 'yes', costBasis: 'billed', payload: { data: [{}] } });
});
