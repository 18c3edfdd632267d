import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFalClient } from '@fal-ai/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { falSignatureFault } from '@/lib/jobs/webhooks/fal-signature';
import { KeySet } from '@/lib/jobs/webhooks/key-set';
import { startDeadline } from '@/lib/kernel/clock';
import { diagnose } from '@/lib/process/doctor/diagnose';
import { type TestDataPlane, testDataPlane } from '../../support/data-plane';
import { type TestDatabase, testDatabase } from '../../support/database';
import { eventually } from '../../support/eventually';
import { jobRow } from '../../support/polled-jobs';
import { type Letter, type Receiver, startReceiver } from '../../support/receiver';
import { sluiceLines } from '../../support/sluice-line';
import { addVideoSplit, falFilm, filmKey } from '../../support/video-split';

const sluiceLine = sluiceLines();
const key = 'a-key-of-a-studio-that-is-told';
let database: TestDatabase;
let plane: TestDataPlane;
let hook: Receiver;
let caller: string;
let secret: string;

beforeAll(async () => {
  database = await testDatabase();
  await addVideoSplit(database.sql, { old: 1, new: 0 });
  const env = { DATABASE_URL: database.url, SLUICE_API_KEYS: key, SLUICE_ALLOW_PRIVATE_WEBHOOKS: '1' };
  plane = await testDataPlane({ env });
  hook = await startReceiver();
  await routed(plane);
  caller = plane.runtime.whoCalls({
    header: (name: string) => (name === 'authorization' ? `Bearer ${key}` : null),
  } as never).name;
});
afterAll(async () => {
  await plane?.close();
  await hook.close();
  await database.close();
});
beforeEach(() => {
  plane.sandbox.restore('fal');
  plane.sandbox.control('fal', { latencyMs: 0, jobMs: 100 });
  hook.letters.length = 0;
  hook.status = 204;
});

const routed = ({ runtime }: TestDataPlane) =>
  eventually(
    () => runtime.dataPlane.splits.all.get(filmKey)?.routing?.weights.old,
    (old) => old === 1,
    10_000,
  );
const auth = { authorization: `Bearer ${key}` };
const order = (more: object = {}, to: TestDataPlane = plane) =>
  to.post('/api/jobs', { prompt: 'a lock gate', model: 'film', webhook: hook.url, ...more }, auth);
const ordered = async (more: object = {}): Promise<string> => {
  const answer = await order(more);
  const body = await answer.json();
  expect(answer.status, JSON.stringify(body)).toBe(202);
  return body.id;
};
const asked = async (id: string) => (await fetch(`${plane.url}/api/jobs/${id}`, { headers: auth })).json();
const toldOf = (id: string) => hook.letters.filter(({ body }) => body.includes(id));
const told = async (id: string, count = 1): Promise<readonly Letter[]> => {
  await eventually(
    () => toldOf(id).length,
    (seen) => seen >= count,
    30_000,
  );
  return toldOf(id);
};
const newSecret = async (...more: string[]): Promise<string> => {
  const ran = await sluiceLine(['callers', 'webhook-secret', caller, ...more], { databaseUrl: database.url });
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
  return /whsec_\S+/.exec(ran.stdout)?.[0] ?? '';
};

/** By the words of the specification, not by our code. */
function signatures({ headers, body }: Letter, by: string): boolean {
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const digest = createHmac('sha256', Buffer.from(by.replace('whsec_', ''), 'base64'))
    .update(signed)
    .digest('base64');
  expect(Math.abs(Date.now() / 1000 - Number(headers['webhook-timestamp']))).toBeLessThan(300);
  return String(headers['webhook-signature']).split(' ').includes(`v1,${digest}`);
}

describe('the webhook of POST /api/jobs', () => {
  it('is refused while nobody could know who tells it', async () => {
    const before = plane.sandbox.jobs('fal').length;
    const answer = await order();
    expect([answer.status, (await answer.json()).detail]).toEqual([
      422,
      expect.stringContaining(`sluice callers webhook-secret ${caller}`),
    ]);
    expect(plane.sandbox.jobs('fal').length).toBe(before);
    secret = await newSecret();
  });

  it('is told the job as GET tells it, signed, once it has ended', async () => {
    const id = await ordered();
    const [letter] = await told(id);
    const { type, timestamp, data } = JSON.parse(letter?.body ?? '');
    const job = await asked(id);
    expect(job.status).toBe('completed');
    expect({ type, timestamp, data }).toEqual({ type: 'job.completed', timestamp: job.ended_at, data: job });
    expect(signatures(letter as Letter, secret)).toBe(true);
    expect(signatures(letter as Letter, `whsec_${Buffer.alloc(32).toString('base64')}`)).toBe(false);
  });

  it('says how it ended otherwise', async () => {
    plane.sandbox.control('fal', { jobFails: true });
    const failed = await ordered();
    plane.sandbox.restore('fal');
    plane.sandbox.control('fal', { latencyMs: 0, jobMs: 600_000 });
    const stopped = await ordered();
    await fetch(`${plane.url}/api/jobs/${stopped}`, { method: 'DELETE', headers: auth });
    const typeOf = async (id: string) => JSON.parse((await told(id))[0]?.body ?? '').type;
    expect([await typeOf(failed), await typeOf(stopped)]).toEqual(['job.failed', 'job.cancelled']);
  });

  it('is sent again under the same id until it is taken, and by two secrets while one replaces the other', async () => {
    hook.status = 503;
    const id = await ordered();
    const [first] = await told(id);
    hook.status = 204;
    const next = await newSecret('--overlap', '1h');
    const [, second] = await told(id, 2);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(second?.body).toBe(first?.body);
    expect([secret, next].map((each) => signatures(second as Letter, each))).toEqual([true, true]);
    expect(signatures(first as Letter, next)).toBe(false);
    secret = await newSecret('--overlap', '0s');
    const [third] = await told(await ordered());
    expect([next, secret].map((each) => signatures(third as Letter, each))).toEqual([false, true]);
  });

  it('gives up where the receiver says that it is gone, and shows it', async () => {
    // It repeats its address, which is its caller's alone.
    Object.assign(hook, { status: 410, says: `no more at ${hook.url}` });
    const id = await ordered();
    await told(id);
    const shown = () => sluiceLine(['jobs', 'show', id], { databaseUrl: database.url });
    await eventually(shown, ({ stdout }) => /webhook .*given up after 1 try: answered 410/.test(stdout), 20_000, 300);
    const { findings } = await diagnose({ DATABASE_URL: database.url }, { root: '.', databaseUrl: database.url });
    expect(findings.find(({ check }) => check === 'webhooks')).toMatchObject({
      status: 'problem',
      what: '1 message to the callers of jobs was given up within a day: answered 410',
    });
    Object.assign(hook, { status: 204, says: '' });
    const again = await sluiceLine(['jobs', 'retell', id], { databaseUrl: database.url });
    expect(again, again.stderr).toMatchObject({ code: 0 });
    await told(id, 2);
    await eventually(shown, ({ stdout }) => /webhook .*told at/.test(stdout), 20_000, 300);
  });

  it('waits for nobody who does not answer', async () => {
    const hanging = createServer(() => undefined);
    await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve));
    const dead = `http://127.0.0.1:${(hanging.address() as AddressInfo).port}/`;
    const ended = async (webhook_url: string) => {
      const id = await jobRow(database.sql, 'http://127.0.0.1:1', { caller, webhook_url, dueInMs: 3_600_000 });
      await database.sql`update sluice.jobs set state = 'completed', ended_at = now(), due_at = null where id = ${id}`;
      return id;
    };
    for (let n = 0; n < 100; n += 1) await ended(dead);
    const startedAt = performance.now();
    const ids = [await ended(hook.url), await ended(hook.url)];
    for (const id of ids) await told(id);
    // Sooner than one of the hundred could have been given up.
    expect(performance.now() - startedAt).toBeLessThan(14_000);
    hanging.closeAllConnections();
    hanging.close();
    await database.sql`delete from sluice.outbox o where o.host = ${new URL(dead).host}`;
  });
});

describe('the row that says "tell"', () => {
  const waiting = async (id: string) => (await database.sql`select from sluice.outbox o where o.job_id = ${id}`).length;
  const job = (change: object) =>
    jobRow(database.sql, 'http://127.0.0.1:1', { webhook_url: 'https://example.com/x', dueInMs: 3_600_000, ...change });

  it('is written by what ends the job, in its transaction, whoever that is', async () => {
    const id = await job({});
    const end = (tx: typeof database.sql) =>
      tx`update sluice.jobs set state = 'completed', ended_at = now(), due_at = null where id = ${id}`;
    const undone = database.sql.begin(async (tx) => {
      await end(tx as never);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await waiting(id)).toBe(0);
    await end(database.sql);
    await database.sql`update sluice.jobs set deleted_at = now() where id = ${id}`;
    expect(await waiting(id)).toBe(1);
  });

  it('is written however long the host is, which holds no end up', async () => {
    const host = Array.from({ length: 950 }, (_, at) => String.fromCodePoint(0x4e00 + at)).join('');
    const id = await job({ webhook_url: `https://${host}.com/x` });
    await database.sql`update sluice.jobs set state = 'completed', ended_at = now(), due_at = null where id = ${id}`;
    const [row] = await database.sql`select o.receiver from sluice.outbox o where o.job_id = ${id}`;
    expect(row?.receiver).toBe(host.slice(0, 253));
  });

  it('is not written for an order that is refused, which was answered so', async () => {
    const id = await job({ state: 'attempting' });
    await database.sql`update sluice.jobs set state = 'refused', ended_at = now(), due_at = null where id = ${id}`;
    expect(await waiting(id)).toBe(0);
  });
});

describe('an address where nobody may be told', () => {
  let strict: TestDataPlane;
  beforeAll(async () => {
    strict = await testDataPlane({ env: { DATABASE_URL: database.url, SLUICE_API_KEYS: key } });
    await routed(strict);
  });
  afterAll(() => strict?.close());

  it.each([
    ['http://hooks.example.com/x', 'it must start with https://'],
    ['https://127.0.0.1/x', 'is not a public address'],
    ['https://169.254.169.254/latest/meta-data', 'is not a public address'],
    ['https://[::ffff:10.0.0.1]/x', 'is not a public address'],
    ['https://2130706433/x', 'in an odd way'],
    ['https://localhost/x', 'a local name'],
    ['https://ann:pw@hooks.example.com/x', 'carries a user name or password'],
    ['https:hooks.example.com/x', 'no host after https://'],
    ['https:///hooks.example.com/x', 'no host after https://'],
    ['x', 'is not a URL'],
  ])('%s is refused by either door, and nothing is made', async (url, why) => {
    const before = strict.sandbox.jobs('fal').length;
    const own = await order({ webhook: url }, strict);
    expect([own.status, (await own.json()).detail]).toEqual([422, expect.stringContaining(why)]);
    const path = `/fal/queue/${falFilm}?fal_webhook=${encodeURIComponent(url)}`;
    const fal = await strict.post(path, { prompt: 'a lock gate' }, auth);
    expect([fal.status, JSON.stringify(await fal.json())]).toEqual([422, expect.stringContaining(why)]);
    expect(strict.sandbox.jobs('fal').length).toBe(before);
  });
});

describe('fal_webhook', () => {
  const byProxy = () =>
    createFalClient({ credentials: key, proxyUrl: { url: `${plane.url}/api/fal/proxy`, when: 'always' } });
  const input = { prompt: 'a lock gate at dawn' } as never;

  it('is told as FAL tells, signed with our own key, which FAL’s own check verifies over HTTP', async () => {
    const { queue } = byProxy();
    const made = await queue.submit(falFilm, { input, webhookUrl: hook.url });
    const { request_id: requestId } = made;
    expect(made).toMatchObject({ gateway_request_id: requestId });
    const [letter] = await told(requestId);
    const { data } = await queue.result(falFilm, { requestId });
    const ids = { request_id: requestId, gateway_request_id: requestId };
    expect(JSON.parse(letter?.body ?? '')).toEqual({ ...ids, status: 'OK', payload: data });
    const keys = await new KeySet({
      ...{ url: `${plane.url}/fal/.well-known/jwks.json`, now: Date.now, startDeadline },
    }).read();
    const signed = (body: string) => ({
      header: (name: string) => String(letter?.headers[name] ?? ''),
      body: Buffer.from(body),
    });
    expect(letter?.headers['x-fal-webhook-user-id']).toBe(caller);
    expect(falSignatureFault(signed(letter?.body ?? ''), keys, Date.now())).toBeNull();
    expect(falSignatureFault(signed(`${letter?.body} `), keys, Date.now())).toMatch('none of the known keys');
  });

  it('says what the model answered where it failed', async () => {
    plane.sandbox.control('fal', { jobFails: true });
    const made = await byProxy().queue.submit(falFilm, { input, webhookUrl: hook.url });
    const [letter] = await told(made.request_id);
    expect(JSON.parse(letter?.body ?? '')).toMatchObject({
      ...{ request_id: made.request_id, status: 'ERROR', error: 'Invalid status code: 500' },
      payload: { detail: 'The runner failed' },
    });
  });

  it('is signed with the same key by every process, and after a restart', async () => {
    const { jwk } = (await plane.runtime.jobs?.told.ownKey()) ?? {};
    const other = await testDataPlane({ env: { DATABASE_URL: database.url } });
    const keys = await (await fetch(`${other.url}/fal/.well-known/jwks.json`)).json();
    await other.close();
    expect(keys).toEqual({ keys: [{ ...jwk, kty: 'OKP', crv: 'Ed25519', use: 'sig', alg: 'EdDSA' }] });
  });
});
