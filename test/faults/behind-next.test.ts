import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database';
import { type FaultWorld, faultWorld, type WorldWeb } from '../support/fault-world';
import { writeWeights } from '../support/rollout';

// What Next by itself would let in or answer in HTML, sent to the built process.
let world: FaultWorld;
let database: TestDatabase;
let web: WorldWeb;
beforeAll(async () => {
  [world, database] = await Promise.all([faultWorld(), testDatabase()]);
  await writeWeights(database.sql, { fal: 0.9, runware: 0.1 });
  web = await world.web(database.url);
  await web.said(/"msg":"pages are ready"/);
});
afterAll(async () => {
  await world.close();
  await database.close();
});

interface Sent {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** Over node:http, which lets a caller say what fetch forbids: a Host, an Expect, a body cut short. */
function send({ method = 'GET', path, headers = {}, body }: Sent) {
  const { port } = new URL(web.url);
  return new Promise<{ status: number; type: string; allow: string | undefined; text: string }>((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () => {
        const { 'content-type': type = '', allow } = answer.headers;
        resolve({ status: answer.statusCode ?? 0, type, allow, text });
        outgoing.destroy();
      });
    });
    // The answer may come, and the connection go, before the body is out.
    outgoing.on('error', (error) => setTimeout(() => reject(error), 500));
    outgoing.end(body);
  });
}

const json = { 'content-type': 'application/json' };
const rows: readonly (readonly [string, Sent, number, string])[] = [
  [
    '20 MB',
    { method: 'POST', path: '/api/rollout/pause', headers: json, body: Buffer.alloc(20e6, 32) },
    413,
    'too-large',
  ],
  [
    '32 MB to generate',
    { method: 'POST', path: '/api/generate', headers: json, body: Buffer.alloc(32e6, 32) },
    413,
    'too-large',
  ],
  [
    'a cross-site text/plain POST',
    {
      method: 'POST',
      path: '/api/rollout/rollback',
      headers: { 'content-type': 'text/plain', origin: 'https://evil.example' },
      body: Buffer.from('{}'),
    },
    403,
    'cross-site',
  ],
  ['any Host', { path: '/api/rollout', headers: { host: 'evil.example' } }, 421, 'host-not-allowed'],
  ['any Host at the page', { path: '/', headers: { host: 'evil.example' } }, 421, 'host-not-allowed'],
  ['an unknown path', { path: '/api/nowhere/at-all' }, 404, 'not-found'],
  [
    'an unknown path by POST',
    { method: 'POST', path: '/api/rollout/promote', headers: json, body: Buffer.from('{}') },
    404,
    'not-found',
  ],
  ['a wrong method', { method: 'DELETE', path: '/api/rollout' }, 405, 'method-not-allowed'],
  ['a method nobody has', { method: 'PROPFIND', path: '/api/rollout' }, 405, 'method-not-allowed'],
  ['a wrong method at the hot path', { method: 'GET', path: '/api/generate' }, 405, 'method-not-allowed'],
  ['a path that is no UTF-8', { path: '/api/%ff' }, 400, 'bad-target'],
  ['nobody', { path: '/api/rollout' }, 401, 'not-signed-in'],
  [
    'a Server Action',
    { method: 'POST', path: '/', headers: { 'next-action': 'a-strangers-words' }, body: Buffer.from('[]') },
    405,
    'method-not-allowed',
  ],
  [
    'a form sent to a page',
    {
      method: 'POST',
      path: '/policy',
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
      body: Buffer.from('--x--'),
    },
    405,
    'method-not-allowed',
  ],
  [
    'a Server Action at a route',
    {
      method: 'POST',
      path: '/api/nowhere',
      headers: { 'next-action': 'a-strangers-words', 'content-type': 'text/plain' },
      body: Buffer.from('[]'),
    },
    404,
    'not-found',
  ],
];

it.each(rows)('%s is refused in the words of the product', async (_, sent, status, code) => {
  const before = await database.sql`select version, flag_value_text from feature_flags`;
  const said = await send(sent);
  expect([said.status, said.type.split(';')[0]]).toEqual([status, 'application/problem+json']);
  expect(JSON.parse(said.text)).toMatchObject({ status, code, detail: expect.stringMatching(/\w{3}/), errors: [] });
  if (status === 405) expect(said.allow).toMatch(/[A-Z]/);
  expect(await database.sql`select version, flag_value_text from feature_flags`).toEqual(before);
});

const guarded = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};
const paths = ['/', '/sign-in', '/nope', '/_next/nope', '/_next/static/chunks/nope.js', '/api/nope', '/api/health'];

it.each([...paths, '/api/generate', '/metrics', '/v1/nope', '/icon.svg'])(
  '%s carries the security headers',
  async (path) => {
    const { headers } = await fetch(web.url + path, { redirect: 'manual', headers: { 'x-forwarded-proto': 'https' } });
    const said = Object.fromEntries(headers);
    expect(said).toMatchObject({ ...guarded, 'strict-transport-security': 'max-age=31536000' });
    expect(said['content-security-policy']).toMatch(/frame-ancestors 'none'/);
    expect(said['content-security-policy']).toMatch(/default-src 'none'|script-src 'self' 'nonce-/);
    const plain = await fetch(web.url + path, { redirect: 'manual' });
    expect(plain.headers.get('strict-transport-security')).toBeNull();
  },
);

it('refuses two Host headers', async () => {
  const { host, port } = new URL(web.url);
  for (const path of ['/', '/api/health/live']) {
    const text = await raw(Number(port), `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nHost: evil.example\r\n\r\n`);
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(text).toContain('"code":"host-twice"');
  }
});

function raw(port: number, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(request));
    socket.setTimeout(500, () => socket.destroy());
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
  });
}

it('logs nothing that strangers wrote', () => {
  const lines = (web.output().split('"pages are ready"')[1] ?? '').trim().split('\n').slice(1);
  expect(lines.filter((line) => !line.startsWith('{'))).toEqual([]);
  expect(lines.join('\n')).not.toContain('a-strangers-words');
});

it('still serves afterwards', async () => {
  expect((await send({ path: '/api/health/live' })).status).toBe(200);
  expect((await web.call('GET', '/api/rollout')).status).toBe(200);
});
