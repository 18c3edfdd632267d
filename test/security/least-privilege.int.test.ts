import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as door from '@/app/api/[[...rest]]/route';
import { type Answer, type Call, cronSecret, type TestApi, testApi } from '../support/api';
import { type TestDataPlane, testDataPlane } from '../support/data-plane';
import { eventually } from '../support/eventually';
import { type LeastPrivilege, leastPrivilege } from '../support/least-privilege';
import { type Receiver, startReceiver } from '../support/receiver';
import { logTraffic, writeWeights } from '../support/rollout';
import { type Ran, runSluice } from '../support/run-sluice';
import { sluiceLines } from '../support/sluice-line';

const sluiceLine = sluiceLines();

const processes = ['web', 'watchdog', 'cli'] as const;

let db: LeastPrivilege;
let api: TestApi;
let plane: TestDataPlane;
let receiver: Receiver;
let folder: string;
/** An operator's, from the command line. */
let token: string;
beforeAll(async () => {
  db = await leastPrivilege();
  await writeWeights(db.owner, { fal: 1, runware: 0 });
  receiver = await startReceiver();
  folder = mkdtempSync(join(tmpdir(), 'sluice-least-'));
  api = await testApi({ DATABASE_URL: db.url('web'), SLUICE_ALLOW_PRIVATE_WEBHOOKS: '1' });
  plane = await testDataPlane({ env: { DATABASE_URL: db.url('web') } });
});
afterAll(async () => {
  await plane?.close();
  await api?.close();
  await receiver?.close();
  await db?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function sluice(...args: string[]): Promise<Ran> {
  return sluiceLine(args, { databaseUrl: db.url('cli'), env: { SLUICE_ALLOW_PRIVATE_WEBHOOKS: '1' } });
}
const withFactor = (...args: string[]) =>
  sluiceLine(args, { databaseUrl: db.url('cli'), env: { SLUICE_REQUIRE_MFA: '1' } });
async function done(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await sluice(...args);
  expect({ args, code, stderr: code === 0 ? '' : stderr }).toEqual({ args, code: 0, stderr: '' });
  return stdout;
}
const newest = async (key = 'GEN_PROVIDER_WEIGHTS') => {
  const [row] = await db.owner`
    select verb, actor, login from sluice.journal where flag_key = ${key} order by seq desc limit 1`;
  return { ...row };
};
const version = async () =>
  Number(
    (await db.owner`select version from public.feature_flags where flag_key = 'GEN_PROVIDER_WEIGHTS'`)[0]?.version,
  );
const as =
  (authorization: string) =>
  (module: Parameters<TestApi['call']>[0], call: Call): Promise<Answer> =>
    api.call(module, { ...call, signedIn: false, headers: { ...call.headers, authorization } });

describe('a login for each process', () => {
  it('is believed when it says who acts, and nobody else is', async () => {
    const said = async (process: 'web' | 'watchdog' | 'cli' | 'stranger') => {
      await db.owner.unsafe(`grant usage on schema sluice to ${db.login('stranger')}`);
      await db.owner.unsafe(
        `grant execute on function sluice.actor(), sluice.said(text), sluice.is_own_session() to ${db.login(process)}`,
      );
      return db.sql(process).begin(async (tx) => {
        await tx`select set_config('sluice.actor', 'operator:ann', true)`;
        return (await tx`select sluice.actor() as actor`)[0]?.actor;
      });
    };
    for (const process of processes) expect(await said(process)).toBe('operator:ann');
    expect(await said('stranger')).toBe(`sql:${db.login('stranger')}`);
  });
});

describe('the command line', () => {
  it('adds operators, channels and a policy, each journaled by its actor', async () => {
    token = JSON.parse(await done('operators', 'add', 'ann', '--role', 'operator', '--json', '--yes')).token;
    for (const role of ['viewer', 'operator']) await done('operators', 'invite', 'zoe', '--role', role);
    const { code, stderr } = await withFactor('operators', 'invite', 'yan');
    expect([code === 0, stderr]).toEqual([false, expect.stringContaining('SLUICE_REQUIRE_MFA')]);
    await done('alerts', 'add', 'webhook', receiver.url, '--secret', 'a-secret', '--yes');
    await done('alerts', 'test', '1');
    expect(await newest('sluice.access')).toEqual({
      verb: 'channel_add',
      actor: expect.stringMatching(/^cli:/),
      login: db.login('cli'),
    });
    const line = { metric: 'failure_rate', limit: 0.02, window: '10s', hold: '10s' };
    writeFileSync(join(folder, 'policy.json'), JSON.stringify({ redLines: [line], minRequests: 20 }));
    await done('policy', 'save', join(folder, 'policy.json'), '--yes', '--confirm', '--reason', 'sooner');
    expect(await newest('GEN_ROLLOUT_POLICY')).toMatchObject({ actor: expect.stringMatching(/^cli:/) });
  });

  it('reads, rehearses, retains, and makes a link that the web redeems once', async () => {
    const lines = ['status', 'journal --limit 5', 'alerts list', 'preflight --runs 2', 'retention --keep 30d --yes'];
    for (const line of lines) await done(...line.split(' '));
    const link = (await done('operators', 'link')).match(/sll_[\w-]+/)?.[0];
    const redeem = () => api.call(door, { path: '/api/session', method: 'POST', body: { link }, signedIn: false });
    const redeemed = await redeem();
    expect(redeemed).toMatchObject({ status: 200, body: { role: 'admin' } });
    expect((await redeem()).status).toBe(401);
    expect(await done('operators', 'sessions')).toContain('admin');
    const cookie = redeemed.headers.get('set-cookie')?.split(';')[0] ?? '';
    const out = await api.call(door, {
      path: '/api/session',
      method: 'DELETE',
      signedIn: false,
      headers: { cookie },
    });
    expect(out.status).toBe(200);
    expect(await newest('sluice.access')).toMatchObject({ verb: 'sign_out', login: db.login('web') });
  });
});

describe('the web', () => {
  it('signs an operator in and takes her weights, in her name', async () => {
    const signedIn = await api.call(door, {
      path: '/api/session',
      method: 'POST',
      body: { token },
      signedIn: false,
    });
    expect(signedIn).toMatchObject({ status: 200, body: { name: 'operator:ann', role: 'operator' } });
    expect(await newest('sluice.access')).toEqual({ verb: 'sign_in', actor: 'operator:ann', login: db.login('web') });
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
    const body = { weights: { fal: 0.9, runware: 0.1 }, override: true, reason: 'begin' };
    const put = await api.call(door, {
      ...{ path: '/api/rollout/weights', method: 'PUT', body, version: await version() },
      ...{ signedIn: false, headers: { cookie } },
    });
    expect(put).toMatchObject({ status: 200 });
    expect(await newest()).toEqual({ verb: 'override', actor: 'operator:ann', login: db.login('web') });
  });

  it('serves generations and vouchers, and stores their events', async () => {
    for (let n = 0; n < 5; n += 1) {
      const answer = await plane.post(
        '/api/generate',
        { prompt: 'x' },
        { 'idempotency-key': `key-${n}-0123456789`, 'x-request-id': `request-${n}` },
      );
      expect(answer.status).toBe(200);
    }
    const again = await plane.post('/api/generate', { prompt: 'x' }, { 'idempotency-key': 'key-0-0123456789' });
    expect([
      again.status,
      again.headers.get('idempotent-replayed') ?? again.headers.get('idempotency-replayed'),
    ]).toEqual([200, 'true']);
    await plane.runtime.dataPlane.events.flush();
    expect((await plane.post('/api/vouchers', { request_id: 'request-1' })).status).toBe(201);
    const [row] = await db.owner`select count(*)::int as n from public.analytics_logs where event_type = 'gen_ok'`;
    expect(row).toEqual({ n: 5 });
  });

  it.each([
    ['rollout', '/api/rollout'],
    ['policy', '/api/policy'],
    ['metrics', '/api/metrics?range=1h'],
    ['operators', '/api/operators'],
    ['sessions', '/api/sessions'],
    ['channels', '/api/alert-channels'],
  ])('answers %s', async (_name, path) => {
    expect(await api.call(door, { path })).toMatchObject({ status: 200 });
  });

  it('adds operators', async () => {
    const body = { name: 'bob', role: 'viewer' };
    expect(await api.call(door, { path: '/api/operators', method: 'POST', body })).toMatchObject({ status: 201 });
    expect(await newest('sluice.access')).toMatchObject({ verb: 'operator_add', login: db.login('web') });
  });

  it('ticks for a scheduler', async () => {
    const call = { path: '/api/cron/watchdog', method: 'POST' };
    expect(await as(`Bearer ${cronSecret}`)(door, call)).toMatchObject({ status: 200, body: { result: 'decided' } });
  });
});

describe('the watchdog', () => {
  let watchdog: ChildProcess;
  let output = '';
  beforeAll(() => {
    const env = {
      ...{ ...process.env, DATABASE_URL: db.url('watchdog'), SLUICE_TICK_SECONDS: '1', SLUICE_DATA_DIR: folder },
      ...{ LOG_LEVEL: 'info', SLUICE_ALLOW_PRIVATE_WEBHOOKS: '1' },
    };
    watchdog = spawn(process.execPath, ['--import', 'tsx', 'scripts/watchdog.ts'], { env });
    for (const stream of [watchdog.stdout, watchdog.stderr]) {
      stream?.on('data', (chunk) => {
        output += chunk;
      });
    }
  });
  afterAll(async () => {
    const ended = new Promise((resolve) => watchdog.once('exit', resolve));
    watchdog.kill('SIGTERM');
    await ended;
  });

  it('rolls back a red line that is held, and tells the channels', { timeout: 120_000 }, async () => {
    const traffic = async () => {
      await logTraffic(db.owner, { provider: 'fal', fromSecondsAgo: 2, perMinute: 1200 });
      await logTraffic(db.owner, { fromSecondsAgo: 2, perMinute: 600, failEvery: 2 });
      return (await newest()).verb;
    };
    await eventually(traffic, (verb) => verb === 'rollback', 60_000, 2000);
    expect(await newest()).toEqual({ verb: 'rollback', actor: 'watchdog', login: db.login('watchdog') });
    const letters = () => receiver.letters.map(({ body }) => body).filter((body) => body.includes('rolled_back'));
    await eventually(letters, (found) => found.length > 0, 20_000, 100);
    const [event] = await db.owner`select event_data from public.analytics_logs where event_type = 'rollout_rollback'`;
    expect(event?.event_data).toMatchObject({ metric: 'failure_rate', actor: 'watchdog' });
  });

  it('keeps house and finds nothing wrong meanwhile', async () => {
    const deltas = async () =>
      (await db.owner`select from sluice.bucket_deltas where at < now() - interval '40 seconds'`).length;
    await eventually(deltas, (n) => n === 0, 30_000, 500);
    // A tick a second may come too late on a busy machine, which is said as well.
    const expected = /tick: rollback|the database did not answer within/;
    const told = output.split('\n').filter((line) => /"level":(40|50|60)/.test(line) && !expected.test(line));
    expect(told).toEqual([]);
  });

  it('the doctor of each of them has nothing to say of the database', async () => {
    const ran = await Promise.all(
      processes.map((process) => runSluice(['doctor', '--json'], { databaseUrl: db.url(process) })),
    );
    for (const { stdout } of ran) {
      const findings: readonly { check: string; status: string; what: string }[] = JSON.parse(stdout).findings;
      const wrong = findings.filter(
        ({ status, check }) => status === 'problem' && !/^(port|provider|environment)/.test(check),
      );
      expect(wrong).toEqual([]);
      expect(findings.map(({ check }) => check)).toEqual(
        expect.arrayContaining(['guards', 'journal', 'migrations', 'events']),
      );
    }
  });

  it('every hash verifies, for each of them', async () => {
    const ran = await Promise.all(
      processes.map((process) => sluiceLine(['journal', '--verify'], { databaseUrl: db.url(process) })),
    );
    expect(ran.map(({ code, stdout }) => [code, stdout])).toEqual(processes.map(() => [0, 'Every hash verifies.\n']));
  });
});

describe('afterwards', () => {
  it('the command line re-arms, advances, pauses, resumes, rolls back and replays, in its own name', async () => {
    const steps = [
      ['rearm', '--reason', 'mended', '--yes'],
      ['advance', 'D1', '--override', '--reason', 'again', '--yes'],
      ['pause', '--reason', 'lunch', '--yes'],
      ['resume', '--yes'],
      ['rollback', '--reason', 'enough', '--yes'],
    ];
    for (const step of steps) {
      await done(...step);
      expect(await newest()).toMatchObject({ actor: expect.stringMatching(/^cli:/), login: db.login('cli') });
    }
    await done('replay', '--json');
    await done('operators', 'revoke', 'ann', '--yes');
    await done('alerts', 'remove', '1', '--yes');
  });
});
