import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLog } from '@/lib/config/log';
import { LogOfRequests } from '@/lib/config/log-of-requests';
import { type RelayedLine, relayedMessage } from '@/lib/relay/operate/relayed-line';
import { type RelaySandbox, startRelaySandbox } from '@/scripts/sandbox/relays';
import { addSplit } from '@/test/gateway/splits/add-split';
import { commandLogin } from '../support/command-login';
import { type TestDatabase, testDatabase } from '../support/database';
import { jobRow } from '../support/polled-jobs';
import { freePort } from '../support/postgrest';
import { addProvider, PlayedVendor } from '../support/relay-world';
import { runSluice } from '../support/run-sluice';
import { sluiceLines } from '../support/sluice-line';

const sluiceLine = sluiceLines();
const secret = 'a-key-that-nobody-may-read';

interface Looked {
  readonly provider: string;
  readonly lines: readonly {
    readonly step: string;
    readonly status: string;
    readonly what: string;
    fix: string | null;
  }[];
}

let database: TestDatabase;
let sandbox: RelaySandbox;
let plain: PlayedVendor;
let ahead: PlayedVendor;
let tls: Server;
let folder: string;
const keys: Record<string, string> = {};
const all: Looked[] = [];

beforeAll(async () => {
  [database, sandbox, plain, ahead] = await Promise.all([
    testDatabase(),
    startRelaySandbox(),
    PlayedVendor.start(),
    PlayedVendor.start(),
  ]);
  folder = mkdtempSync(join(tmpdir(), 'sluice-relay-'));
  const tlsUrl = await serveTls();
  const { aggregator, runway, kling, jimeng } = sandbox;
  const { sql } = database;
  const add = async (name: string, url: string, options: object, key: string | null) => {
    await addProvider(sql, name, url, options);
    if (key !== null) keys[`${name.toUpperCase().replaceAll('-', '_')}_API_KEY`] = key;
  };
  await add('gathered', aggregator.url, { dialect: 'runway', path_prefix: '/runwayml' }, aggregator.key);
  await add('lost', aggregator.url, { dialect: 'runway', path_prefix: '/nowhere' }, aggregator.key);
  await add('songs', aggregator.url, { dialect: 'suno', path_prefix: '/suno' }, aggregator.key);
  await add('runway-direct', runway.url, { dialect: 'runway' }, secret);
  await add('kling-direct', kling.url, { dialect: 'kling', auth: { scheme: 'kling-jwt' } }, kling.key);
  await add('jimeng-direct', jimeng.url, { dialect: 'jimeng', auth: { scheme: 'volc-signature' } }, jimeng.key);
  await add('jimeng-wrong', jimeng.url, { dialect: 'jimeng', auth: { scheme: 'volc-signature' } }, `who:${secret}`);
  await add('acme', plain.url, {}, secret);
  await add('open', plain.url, { auth: { scheme: 'none' } }, null);
  await add('keyless', plain.url, {}, null);
  await add('moved', ahead.url, { dialect: 'openai-videos' }, secret);
  await add('paged', ahead.url, { dialect: 'runway', path_prefix: '/site' }, secret);
  await add('bare', plain.url.replace('http:', 'https:'), {}, secret);
  await add('early', ahead.url, { dialect: 'kling', auth: { scheme: 'kling-jwt' } }, `who:${secret}`);
  await add('shut', `http://127.0.0.1:${await freePort()}`, {}, secret);
  await add('nameless', 'http://nobody.invalid', {}, secret);
  await add('soon', tlsUrl, {}, secret);
  ahead.serve = (request, response) => {
    response.setHeader('date', new Date(Date.now() + 100_000).toUTCString());
    if (request.url === '/v1/models') response.writeHead(308, { location: `${plain.url}/v1/models` }).end();
    else if (request.url?.startsWith('/site'))
      response.setHeader('content-type', 'text/html').end('<html>Log in</html>');
    else response.end('{"code":0,"data":[]}');
  };
  const arms = { old: ['acme', null], new: ['open', null] } as const;
  const split = { key: 'ACME_WEIGHTS', slug: 'acme-things', kind: 'relay', prefixes: ['/acme'], arms } as const;
  await addSplit(sql, { ...split, weights: { old: 0.9, new: 0.1 } });
  const row = { split: 'ACME_WEIGHTS', arm: 'new', assigned: 'new', provider: 'open', attempt: 1, request_id: 'r-1' };
  for (const error of [undefined, 'HTTP 500']) {
    const data = JSON.stringify({ ...row, latency_ms: 80, error, request_id: `r-${error}`, images: 0 });
    await sql`insert into analytics_logs (event_type, event_data) values ('split_route', ${data}::text::jsonb)`;
  }
  const { stdout, code } = await runSluice(['relay', 'check', '--json'], {
    databaseUrl: database.url,
    env: { ...keys, NODE_EXTRA_CA_CERTS: join(folder, 'cert.pem') },
  });
  expect(code, stdout).toBe(1);
  expect(stdout).not.toMatch(/nobody-may-read|sandbox-secret|sandbox-aggregator/);
  all.push(...JSON.parse(stdout).relays);
}, 120_000);
afterAll(async () => {
  tls.close();
  await Promise.all([sandbox.close(), plain.close(), ahead.close()]);
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** With a certificate that ends in nine days and vouches for itself. */
async function serveTls(): Promise<string> {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=soon.example', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const made = [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '9',
    '-keyout',
    key,
    '-out',
    cert,
    ...subject,
  ];
  execFileSync('openssl', made, { stdio: 'ignore' });
  tls = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_, response) => response.end('here'));
  await new Promise<void>((done) => tls.listen(0, '127.0.0.1', done));
  return `https://127.0.0.1:${(tls.address() as AddressInfo).port}`;
}

const line = (provider: string, step: string) =>
  all.find((each) => each.provider === provider)?.lines.find((each) => each.step === step);

describe('sluice relay check', () => {
  it.each([
    ['gathered', 'GET /runwayml/v1/organization was answered 200: the key is taken (GATHERED_API_KEY)'],
    ['songs', 'answered 404: the key is taken'],
    ['kling-direct', 'GET /v1/videos/text2video was answered 200: the key is taken'],
    ['jimeng-direct', 'POST / was answered 200: the key is taken'],
    ['acme', 'the dialect generic has no question that costs nothing'],
    ['open', 'it takes no key'],
  ])('%s: the key is taken, by a question that costs nothing, or said to be unknown', (provider, what) => {
    expect(line(provider, 'key')).toMatchObject({ status: 'ok', what: expect.stringContaining(what), fix: null });
  });

  it.each([
    ['runway-direct', 'key', 'fail', 'the key is refused', 'sluice keys set runway-direct'],
    ['jimeng-wrong', 'key', 'fail', 'the key is refused', 'sluice keys set jimeng-wrong'],
    ['lost', 'key', 'warn', 'answered 404, which does not say', 'path_prefix'],
    ['paged', 'key', 'fail', 'answered 200 with a web page', 'path_prefix'],
    ['bare', 'tls', 'fail', 'it speaks no TLS there', 'what the port is for'],
    ['keyless', 'key', 'fail', 'keyless has no key', 'sluice keys set keyless'],
    ['moved', 'key', 'fail', 'is sent to http', 'redirects are never followed'],
    [
      'early',
      'clock',
      'fail',
      /this machine is (?:9\d|100) s behind its clock, and kling-jwt signs the time/,
      'timedatectl',
    ],
    ['shut', 'tcp', 'fail', 'does not accept the connection (ECONNREFUSED)', 'firewall'],
    ['nameless', 'dns', 'fail', 'nobody.invalid does not resolve', 'spelt'],
    ['soon', 'tls', 'warn', 'the certificate of soon.example ends in 8 days', 'renew'],
  ])('%s: %s is %s, with what to do', (provider, step, status, what, fix) => {
    const found = line(provider, step);
    expect(found?.status).toBe(status);
    expect(found?.what).toMatch(what);
    expect(found?.fix).toContain(fix);
  });

  it('does not look behind a step that failed, and measures a clock only where the time is signed', () => {
    expect(line('shut', 'key')).toMatchObject({ status: 'skipped' });
    expect(line('kling-direct', 'clock')).toMatchObject({ status: 'ok' });
    expect(line('gathered', 'clock')).toMatchObject({ status: 'skipped' });
  });

  it('looks at one split or provider, in lines for people, and says when there is none of that name', async () => {
    const { code, stdout } = await sluiceLine(['relay', 'check', 'acme-things'], {
      databaseUrl: database.url,
      env: keys,
    });
    expect([code, stdout]).toEqual([0, expect.stringContaining('acme (old of acme-things)')]);
    expect(stdout).toMatch(/ {2}ok {3}tcp {5}127\.0\.0\.1:\d+ accepts connections/);
    expect(stdout).toContain('Nothing failed.');
    expect(stdout).not.toContain('gathered');
    const none = await sluiceLine(['relay', 'check', 'nobody'], { databaseUrl: database.url });
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('"nobody" is neither') });
  });
});

it('sluice relay list: where each arm leads, its share, its key and what went through it lately', async () => {
  const job = { split: 'ACME_WEIGHTS', arm: 'old', door: 'relay', upstream: { untracked: true } };
  await jobRow(database.sql, plain.url, { ...job, state: 'unknown' });
  const login = await commandLogin(database);
  const asked = { databaseUrl: login.url, env: keys };
  const listed = await sluiceLine(['relay', 'list', '--json'], asked);
  const lines = await sluiceLine(['relay'], asked);
  await login.drop();
  expect(listed.stderr).toBe('');
  expect(JSON.parse(listed.stdout).relays).toMatchObject([
    { split: 'acme-things', arm: 'new', share: 0.1, provider: 'open', key: 'needs none', creates: 2, untracked: 0 },
    { prefixes: ['/acme'], arm: 'old', share: 0.9, base_url: plain.url, key: 'ACME_API_KEY', untracked: 1 },
  ]);
  expect(JSON.parse(listed.stdout).relays).toMatchObject([{ failures: 1 }, { dialect: 'generic' }]);
  expect(lines.stdout).toMatch(/\/acme +\| acme-things \| old +\| 90 % /);
});

describe('sluice relay tail', () => {
  const file = () => join(folder, 'sluice.log');
  const log = createLog('info', { name: 'web' }, { write: (text) => appendFileSync(file(), text) });
  const one: RelayedLine = {
    ...{ request_id: 'r-1', caller: 'ann', split: 'acme-things', arm: 'new', provider: 'open', method: 'POST' },
    ...{ path: '/v1/things', status: 200, bytes_in: 15, bytes_out: 2048, ms: 80, id: 'up-1' },
  };
  const lines = new LogOfRequests(log);
  const say = (request_id: string, more: Partial<RelayedLine> = {}) => {
    lines.info({ ...one, request_id, ...more }, relayedMessage);
    lines.flush();
  };

  it('tells what was created, of one split or of all, and follows it through an emptied file until Ctrl-C', async () => {
    writeFileSync(file(), `sluice: began\n${'x'.repeat(600_000)}\n{"msg":"relayed", broken\n`);
    say('r-old');
    say('r-other', { split: 'others', status: null, id: null, outcome: 'unknown' });
    log.info('something else');
    const asked = ['relay', 'tail', '--file', file(), '--split', 'acme-things'];
    const { stdout, code } = await sluiceLine(asked);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(
        /^\S+Z ann acme-things\/new POST \/v1\/things 200 15 B in, 2\.0 kB out, 80 ms up-1 \(r-old\)\n$/,
      ),
    ]);
    const followed = spawn(process.execPath, [
      'scripts/sluice/bin.mjs',
      'relay',
      'tail',
      '-f',
      '--json',
      '--file',
      file(),
    ]);
    let said = '';
    followed.stdout.on('data', (chunk) => {
      said += chunk;
    });
    const ids = () => said.split('\n').flatMap((text) => (text === '' ? [] : JSON.parse(text).request_id));
    await expect.poll(ids).toEqual(['r-old', 'r-other']);
    say('r-new');
    await expect.poll(ids).toEqual(['r-old', 'r-other', 'r-new']);
    truncateSync(file(), 0);
    say('r-after');
    await expect.poll(ids).toEqual(['r-old', 'r-other', 'r-new', 'r-after']);
    const ended = new Promise((done) => followed.once('exit', done));
    followed.kill('SIGINT');
    expect(await ended).toBe(0);
  }, 60_000);

  it('reads standard input, and says where it looked when there is nothing', async () => {
    const piped = await sluiceLine(['relay', 'tail', '--file', '-'], { stdin: readFileSync(file(), 'utf8') });
    expect(piped.stdout).toContain('(r-after)');
    const none = await sluiceLine(['relay', 'tail']);
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('/nonexistent/sluice.log is not there') });
  });
});
