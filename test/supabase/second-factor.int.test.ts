import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { knownBy } from '@/lib/access/sign-in';
import { supabaseDirectory } from '@/lib/access/supabase/sign-in';
import { signJwt } from '../support/jwt';

// Supabase's auth server has no version that runs here and knows factors: this one speaks the part of its API that
// signing in needs, over real HTTP.
const secret = 'jwt-secret-of-the-factors-0123456789abcdef';
const totp = { id: '11111111-1111-4111-8111-111111111111', factor_type: 'totp', status: 'verified' };
const factors: Readonly<Record<string, readonly object[]>> = {
  'one@example.com': [],
  'half@example.com': [{ ...totp, status: 'unverified' }],
  'two@example.com': [totp],
};

let server: Server;
let url: string;

const tokenOf = (email: string, aal: string) =>
  signJwt(secret, {
    ...{ sub: email, email, aal, role: 'authenticated', exp: Math.floor(Date.now() / 1000) + 3600 },
    app_metadata: { sluice_role: 'operator' },
  });
const userOf = (email: string) => ({
  ...{ id: email, email, app_metadata: { sluice_role: 'operator' }, factors: factors[email] },
});
const sessionOf = (email: string, aal: string) => ({
  ...{ access_token: tokenOf(email, aal), token_type: 'bearer', expires_in: 3600, refresh_token: 'r' },
  user: userOf(email),
});
const emailIn = (authorization = '') =>
  JSON.parse(Buffer.from(authorization.split('.')[1] ?? '', 'base64url').toString()).email as string;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const body = text === '' ? {} : JSON.parse(text);
    const path = (request.url ?? '').split('?')[0] ?? '';
    const say = (status: number, value: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (path === '/auth/v1/token') return say(200, sessionOf(body.email, 'aal1'));
    if (path === '/auth/v1/user') return say(200, userOf(emailIn(request.headers.authorization)));
    if (path.endsWith('/challenge')) return say(200, { id: 'challenge', type: 'totp', expires_at: 9e9 });
    if (path.endsWith('/verify') && body.code === '123456') {
      return say(200, sessionOf(emailIn(request.headers.authorization), 'aal2'));
    }
    return say(422, { code: 'mfa_verification_failed', message: 'Invalid TOTP code entered' });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise<void>((done) => void server.close(() => done())));

const directory = (requireMfa = false) =>
  supabaseDirectory({ url, publishableKey: 'sb_publishable_x' }, Date.now, requireMfa);
const outcome = async (email: string, code: string | null, requireMfa = false) => {
  const said = await directory(requireMfa).withPassword(email, 'right', code);
  return said.kind === 'mfa' ? `mfa ${said.why}` : said.kind;
};

describe('a second factor', () => {
  it.each([
    ['one@example.com', null, 'known'],
    ['half@example.com', null, 'known'],
    ['two@example.com', null, 'mfa needed'],
    ['two@example.com', '000000', 'refused'],
    ['two@example.com', '123456', 'known'],
  ])('of %s with the code %s: %s', async (email, code, expected) => {
    expect(await outcome(email, code)).toBe(expected);
  });

  it.each([
    ['one@example.com', null, 'mfa missing'],
    ['half@example.com', '123456', 'mfa missing'],
    ['two@example.com', null, 'mfa needed'],
    ['two@example.com', '123456', 'known'],
  ])('where it is required, of %s with the code %s: %s', async (email, code, expected) => {
    expect(await outcome(email, code, true)).toBe(expected);
  });

  it.each([
    ['one@example.com', 'aal1', false, 'known'],
    ['two@example.com', 'aal1', false, 'mfa'],
    ['two@example.com', 'aal2', false, 'known'],
    ['one@example.com', 'aal1', true, 'mfa'],
    ['two@example.com', 'aal2', true, 'known'],
  ])('in a bearer token of %s with %s, required %s: %s', async (email, aal, isRequired, expected) => {
    expect((await directory(isRequired).verify(tokenOf(email, aal))).kind).toBe(expected);
  });

  it('is asked for in a sentence', async () => {
    const said = await directory().withPassword('two@example.com', 'right', null);
    expect(() => knownBy(said)).toThrow('operator:two@example.com has to show a second factor');
  });
});
