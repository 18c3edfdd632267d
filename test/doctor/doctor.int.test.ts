import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer as createHttp, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcp, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { alertStore } from '@/lib/control/alerts/alert-store';
import { anchorBook } from '@/lib/control/journal/anchor-book';
import { integrityStore } from '@/lib/control/journal/integrity-store';
import type { Finding } from '@/lib/doctor/checks/finding';
import { type DoctorOptions, diagnose } from '@/lib/process/doctor/diagnose';
import { watchIntegrity } from '@/lib/watch/watch-integrity';
import { type TestDatabase, testDatabase } from '../support/database';
import { freePort } from '../support/postgrest';

let database: TestDatabase;
let root: string;
let freeHttpPort: number;
const servers: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  database = await testDatabase();
  root = mkdtempSync(join(tmpdir(), 'sluice-doctor-'));
  symlinkSync(join(process.cwd(), 'supabase'), join(root, 'supabase'));
  mkdirSync(join(root, '.data'));
  freeHttpPort = await freePort();
  await database.sql`
    insert into public.feature_flags (flag_key, flag_value_text) values ('GEN_PROVIDER_WEIGHTS', '{"fal":1,"runware":0}')
    on conflict do nothing`;
});
afterAll(async () => {
  await database.close();
  rmSync(root, { recursive: true, force: true });
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  await database.sql`delete from sluice.ticks`;
  await database.sql`delete from sluice.instances`;
});

/** For what never answers; all else has the time that a busy machine needs. */
const soon = { withinMs: 3000 };
async function findings(env: Record<string, string> = {}, options: Partial<DoctorOptions> = {}) {
  const source = { PORT: String(freeHttpPort), ...env };
  return diagnose(source, { root, databaseUrl: database.url, withinMs: 10_000, ...options });
}

const problems = (all: readonly Finding[], check: string) =>
  all.filter((one) => one.status === 'problem' && one.check === check).map(({ what }) => what);
const found = async (check: string, env?: Record<string, string>, options?: Partial<DoctorOptions>) =>
  problems((await findings(env, options)).findings, check).join('; ');

async function http(answer: (path: string, authorization: string) => [number, unknown]): Promise<string> {
  const server: Server = createHttp((request, response) => {
    const [status, body] = answer(request.url ?? '', request.headers.authorization ?? '');
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  return listen(server);
}

/** Accepts and says nothing, for ever. */
async function silent(): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createTcp((socket) => void sockets.add(socket.on('error', () => {})));
  const url = await listen(server);
  servers.unshift({ close: async () => sockets.forEach((socket) => void socket.destroy()) });
  return url;
}

async function listen(server: Server | ReturnType<typeof createTcp>): Promise<string> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  servers.push({ close: () => new Promise((done) => void server.close(() => done())) });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function tick(secondsAgo: number, interval = 10, error: string | null = null) {
  await database.sql`
    insert into sluice.ticks (split, slot, at, by, interval_seconds, duration_ms, error)
    values ('GEN_PROVIDER_WEIGHTS', now() - make_interval(secs => ${secondsAgo}), now() - make_interval(secs => ${secondsAgo}),
            'watchdog-1', ${interval}, 5, ${error})`;
}

async function instance(fields: Record<string, unknown>) {
  const row = { id: 'web-1', kind: 'web', host: 'h1', pid: 1, build: 'b', started_at: new Date(), ...fields };
  await database.sql`insert into sluice.instances ${database.sql(row)}`;
}

describe('what the doctor finds, planted for real', () => {
  it('nothing, when nothing is wrong', async () => {
    await tick(2);
    const { healthy, findings: all } = await findings();
    expect(all.filter(({ status }) => status === 'problem')).toEqual([]);
    expect(healthy).toBe(true);
  });

  it.each([
    ['FAL_KEY', '""', 'quotation mark'],
    ['FAL_KEY', '', 'empty string'],
    ['RUNWARE_API_KEY', 'your-key-here', 'placeholder'],
    ['FAL_BASE_URL', 'https://fal.run/v1', 'remove the path "/v1"'],
    ['RUNWARE_BASE_URL', 'https://api.runware.ai/', 'trailing slash'],
    ['HOST', '0.0.0.0', 'SLUICE_API_KEYS is required'],
  ])('%s=%s: %s', async (key, value, sentence) => {
    expect(await found('environment', { [key]: value })).toContain(sentence);
  });

  it('a key in quotes is refused, not missing, and a misspelt variable is named', async () => {
    const env = { FAL_KEY: '"id:key"', RUNWARE_API_KEY: 'rw-good-key-4711', SLUICE_SANDBX: '1' };
    expect(await found('provider fal', env)).toBe('FAL_KEY was refused: it is in quotes');
    expect(await found('environment', env)).toContain('SLUICE_SANDBX is not read by anything; SLUICE_SANDBOX is');
  });

  it('a key that the provider refuses, by really asking', async () => {
    const origin = await http(() => [
      401,
      { detail: 'Cannot access application', errors: [{ code: 'invalidApiKey' }] },
    ]);
    const env = {
      FAL_KEY: 'expired:key-of-ours',
      FAL_BASE_URL: origin,
      RUNWARE_API_KEY: 'rw-expired-key',
      RUNWARE_BASE_URL: origin,
    };
    const { findings: all } = await findings(env);
    for (const name of ['fal', 'runware']) {
      const [finding] = all.filter(({ check }) => check === `provider ${name}`);
      expect(finding).toMatchObject({ status: 'problem', fix: expect.stringContaining('make a new key') });
    }
  });

  it('a provider without a key beside one that has', async () => {
    const origin = await http(() => [200, { data: [{ balance: 5 }] }]);
    expect(await found('provider fal', { RUNWARE_API_KEY: 'rw-good-key', RUNWARE_BASE_URL: origin })).toBe(
      'fal has no key',
    );
  });

  it('a name that does not resolve', async () => {
    const env = { FAL_KEY: 'a:good-key', FAL_BASE_URL: 'https://fal-typo.invalid' };
    expect(await found('dns', env)).toMatch(/fal-typo\.invalid does not resolve \(ENOTFOUND|EAI_AGAIN\)/);
  });

  it('a TLS handshake that never ends, and one that is none', async () => {
    const hung = (await silent()).replace('http:', 'https:');
    const env = { FAL_KEY: 'a:good-key', FAL_BASE_URL: hung };
    expect(await found('tls', env, soon)).toContain('the TLS handshake never ends');
    const plain = (await http(() => [200, {}])).replace('http:', 'https:');
    expect(await found('tls', { FAL_KEY: 'a:good-key', FAL_BASE_URL: plain })).not.toBe('');
  });

  it('a port that another program holds, and which', async () => {
    const { port } = new URL(await silent());
    const what = await found('port', { PORT: port });
    expect(what).toContain(`port ${port} on 127.0.0.1 is taken by`);
    if (process.platform === 'linux') expect(what).toContain(`(process ${process.pid})`);
  });

  it('no fault in a port that Sluice itself holds', async () => {
    const { port } = new URL(
      await http((path) => (path === '/api/health/live' ? [200, { status: 'live' }] : [404, {}])),
    );
    const { findings: all } = await findings({ PORT: port });
    expect(all.find(({ check }) => check === 'port')).toMatchObject({
      status: 'ok',
      what: `Sluice answers on port ${port} on 127.0.0.1`,
    });
  });

  it('a database that is not there, refuses us, or is not known', async () => {
    const gone = `postgres://u:secret-pw@127.0.0.1:${await freePort()}/db`;
    const { findings: all } = await findings({}, { databaseUrl: gone });
    expect(problems(all, 'database').join()).toContain('does not answer');
    expect(JSON.stringify(all)).not.toContain('secret-pw');
    expect(await found('database', {}, { databaseUrl: null })).toBe('no database is known');
  });

  it('a database that accepts and never answers, within the deadline', async () => {
    const { host } = new URL(await silent());
    expect(await found('database', {}, { ...soon, databaseUrl: `postgres://u:p@${host}/db` })).toMatch(
      /answer|in time/,
    );
  });

  it('a database that is not migrated', async () => {
    const empty = await testDatabase({ migrated: false });
    expect(await found('migrations', {}, { databaseUrl: empty.url })).toMatch(/^(\d+) of \1 migrations are missing/);
    await empty.close();
  });

  it('weights that got past the guard, and instances that route by others', async () => {
    await instance({ version: 1_000_000 });
    await database.sql`update public.feature_flags set flag_value_text = '{"fal":0.8,"runware":0.2}' where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
    expect(await found('stale weights')).toBe('');
    await database.sql`update sluice.instances set seen_at = now() + interval '3 seconds'`;
    expect(await found('stale weights')).toContain('web-1 on h1 routes by version 1000000');
    await database.sql`alter table public.feature_flags disable trigger all`;
    await database.sql`update public.feature_flags set flag_value_text = '{"fal":0.7,"runware":0.1}' where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
    expect(await found('weights')).toContain('the stored weights are invalid');
    await database.sql`update public.feature_flags set flag_value_text = '{"fal":1,"runware":0}' where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
    await database.sql`alter table public.feature_flags enable trigger all`;
  });

  it('a policy that got past the guard', async () => {
    await database.sql`alter table public.feature_flags disable trigger all`;
    await database.sql`insert into public.feature_flags (flag_key, flag_value_text) values ('GEN_ROLLOUT_POLICY', '{"minRequests":-1}')`;
    expect(await found('policy')).toContain('minRequests');
    await database.sql`delete from public.feature_flags where flag_key = 'GEN_ROLLOUT_POLICY'`;
    await database.sql`alter table public.feature_flags enable trigger all`;
  });

  it('a watchdog that never ran, fell silent or fails; not one that comes once a minute', async () => {
    expect(await found('watchdog')).toBe('no tick has ever run');
    await tick(31);
    expect(await found('watchdog')).toMatch(/the last tick was 3[1-9] s ago/);
    await tick(5, 10, 'relation is locked');
    expect(await found('watchdog')).toBe('the last tick failed: relation is locked');
    await database.sql`delete from sluice.ticks`;
    await tick(90, 60);
    expect(await found('watchdog')).toBe('');
  });

  it('a clock that is wrong, here or elsewhere', async () => {
    await instance({ clock_skew_ms: -600_000 });
    const began = performance.now();
    const what = await found('clock', {}, { now: () => Date.now() + 60_000 });
    const tookSeconds = (performance.now() - began) / 1000;
    const [, seconds] = /^this machine is (\d+) s ahead; web-1 on h1 is 600 s behind$/.exec(what) ?? [];
    // The two clocks are not read at one instant.
    expect(Math.abs(Number(seconds) - 60)).toBeLessThanOrEqual(1 + tookSeconds);
  });

  it('a secret file that others can read', async () => {
    const file = join(root, '.env');
    writeFileSync(file, 'FAL_KEY=a:b\n');
    chmodSync(file, 0o644);
    expect(await found('secret files')).toContain('.env is open to others (mode 644)');
    chmodSync(file, 0o600);
    expect(await found('secret files')).toBe('');
    rmSync(file);
  });

  it('events that wait for the store', async () => {
    await instance({ spool_depth: 412, oldest_unsent_ms: 45_000 });
    expect(await found('spool')).toBe('412 events wait in web-1 on h1');
  });

  it('notifications that were given up', async () => {
    await database.sql`insert into sluice.alert_channels (id, kind, url, created_by) values (99, 'slack', 'https://x.example/', 'a')`;
    await database.sql`insert into sluice.outbox (channel_id, payload, dead_at, last_error) values (99, '{}', now(), 'answered 410')`;
    expect(await found('alerts')).toBe('1 notifications were given up: answered 410');
    await database.sql`delete from sluice.alert_channels`;
  });

  it('a journal that somebody changed', async () => {
    const own = await testDatabase();
    await own.sql`insert into public.feature_flags (flag_key, flag_value_text) values ('GEN_PROVIDER_WEIGHTS', '{"fal":1,"runware":0}') on conflict do nothing`;
    await own.sql`alter table sluice.journal disable trigger all`;
    await own.sql`update sluice.journal set reason = 'it was somebody else'`;
    expect(await found('journal', {}, { databaseUrl: own.url })).toMatch(/row 1: /);
    await own.close();
  });

  it('a book of anchors that is doubted, as the watchdog says it, also while the database is away', async () => {
    const own = await testDatabase();
    const at = { databaseUrl: own.url };
    await own.sql`insert into public.feature_flags (flag_key, flag_value_text) values ('GEN_PROVIDER_WEIGHTS', '{"fal":1,"runware":0}') on conflict do nothing`;
    const store = integrityStore(own.sql);
    const book = anchorBook(join(root, '.data'), own.url);
    const line = book.keep((await store.check([], false)).heads, new Date());
    expect(await found('journal', {}, at)).toBe('');
    writeFileSync(book.place, `${line.slice(0, 90)}\n`);
    const sentence = `${book.place} holds what this machine's key did not sign (lines: 1): what was seen of the journal before cannot be compared`;
    const { healthy, findings: all } = await findings({}, at);
    expect([healthy, problems(all, 'journal')]).toEqual([false, [sentence]]);
    expect(all.find(({ what }) => what === sentence)?.fix).toMatch(/--anchor LINE\), then move the file away$/);
    const [fault] = await watchIntegrity(
      { store, book, alerts: alertStore(own.sql) },
      { isWhole: true, now: new Date() },
    );
    expect(fault?.sentence).toContain(sentence);
    await own.close();
    expect(await found('journal', {}, at)).toBe(sentence);
    rmSync(book.place);
  });

  it('ends in time with everything hanging', async () => {
    const { host } = new URL(await silent());
    const hung = `https://${host}`;
    const env = {
      FAL_KEY: 'a:good-key',
      FAL_BASE_URL: hung,
      RUNWARE_API_KEY: 'rw-good-key',
      RUNWARE_BASE_URL: hung,
      PORT: host.split(':')[1]!,
    };
    const begun = performance.now();
    const { healthy } = await findings(env, { databaseUrl: `postgres://u:p@${host}/db`, withinMs: 2000 });
    expect(healthy).toBe(false);
    expect(performance.now() - begun).toBeLessThan(2000 + 4500);
  });
});

describe('who may insert events', () => {
  it('is said while a role of browsers may and is not believed', async () => {
    const own = await testDatabase();
    const said = async () => {
      const { findings: all } = await findings({}, { databaseUrl: own.url });
      return all.filter(({ check }) => check === 'events').map(({ status, what, fix }) => ({ status, what, fix }));
    };
    expect(await said()).toEqual([{ status: 'ok', what: 'no role of browsers may insert events', fix: null }]);
    await own.sql`grant insert on analytics_logs to anon, authenticated`;
    expect(await said()).toMatchObject([{ status: 'ok' }]);
    await own.sql`create policy app on analytics_logs for insert to authenticated with check (true)`;
    expect(await said()).toMatchObject([
      { status: 'problem', what: expect.stringMatching(/^authenticated may insert events by a policy/) },
    ]);
    await own.sql`alter table analytics_logs disable row level security`;
    expect(await said()).toMatchObject([
      {
        what: expect.stringContaining('anon and authenticated'),
        fix: expect.stringContaining('sluice.believed_roles'),
      },
    ]);
    await own.sql`insert into sluice.believed_roles (role, reason) values ('anon', 'x'), ('authenticated', 'y')`;
    expect(await said()).toMatchObject([{ status: 'ok', what: expect.stringContaining('believes them') }]);
    await own.close();
  });
});
