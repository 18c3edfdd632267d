import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Directory } from '@/lib/access/supabase/sign-in';
import { supabaseDirectory } from '@/lib/access/supabase/sign-in';
import { type TestDatabase, testDatabase } from '../support/database';
import { signJwt } from '../support/jwt';
import { freePort } from '../support/postgrest';
import { startSupabase, type TestSupabase } from '../support/supabase';

let database: TestDatabase;
let supabase: TestSupabase;
let directory: Directory;
const password = 'correct horse battery';

beforeAll(async () => {
  database = await testDatabase();
  supabase = await startSupabase(database);
  directory = supabaseDirectory(supabase, Date.now);
  await supabase.addUser('ann@example.com', password, 'operator');
  await supabase.addUser('bob@example.com', password, null);
});
afterAll(async () => {
  await supabase.close();
  await database.close();
});

async function accessToken(email = 'ann@example.com'): Promise<string> {
  const answer = await fetch(`${supabase.url}/auth/v1/token?grant_type=password`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', apikey: supabase.publishableKey },
    body: JSON.stringify({ email, password }),
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}

describe('signing in with Supabase', () => {
  it('takes the role from app_metadata', async () => {
    expect(await directory.withPassword('ann@example.com', password)).toEqual({
      kind: 'known',
      who: { name: 'operator:ann@example.com', role: 'operator' },
    });
  });

  it('says what is missing when an account has no role', async () => {
    expect(await directory.withPassword('bob@example.com', password)).toEqual({
      kind: 'no_role',
      email: 'bob@example.com',
    });
  });

  it('refuses a wrong password and an unknown address alike', async () => {
    expect(await directory.withPassword('ann@example.com', 'wrong password')).toEqual({ kind: 'refused' });
    expect(await directory.withPassword('eve@example.com', password)).toEqual({ kind: 'refused' });
  });

  it('mails a code that works once', async () => {
    expect(await directory.sendCode('ann@example.com', null)).toEqual({ ok: true, error: null });
    const mail = supabase.mails.findLast(({ to }) => to.includes('ann@example.com'));
    const code = /\b(\d{6})\b/.exec(mail?.text ?? '')?.[1] ?? '';
    expect(await directory.withCode('ann@example.com', '000000')).toEqual({ kind: 'refused' });
    expect((await directory.withCode('ann@example.com', code)).kind).toBe('known');
    expect(await directory.withCode('ann@example.com', code)).toEqual({ kind: 'refused' });
  });

  it('is away, not refusing, when Supabase does not answer', async () => {
    const away = supabaseDirectory(
      { url: `http://127.0.0.1:${await freePort()}`, publishableKey: 'sb_publishable_x', deadlineMs: 500 },
      Date.now,
    );
    expect((await away.withPassword('ann@example.com', password)).kind).toBe('away');
    expect((await away.verify(await accessToken())).kind).toBe('away');
  });

  it('ends at its deadline when Supabase hangs', async () => {
    const hung = createServer(() => {});
    await new Promise<void>((done) => hung.listen(0, '127.0.0.1', done));
    const { port } = hung.address() as { port: number };
    const slow = supabaseDirectory(
      { url: `http://127.0.0.1:${port}`, publishableKey: 'sb_publishable_x', deadlineMs: 200 },
      Date.now,
    );
    expect((await slow.withPassword('ann@example.com', password)).kind).toBe('away');
    hung.closeAllConnections();
    await new Promise((done) => hung.close(done));
  });
});

describe('access tokens', () => {
  it('are verified and stand for their role', async () => {
    const token = await accessToken();
    expect(await directory.verify(token)).toEqual({
      kind: 'known',
      who: { name: 'operator:ann@example.com', role: 'operator' },
    });
  });

  it('of an account without a role open nothing', async () => {
    expect((await directory.verify(await accessToken('bob@example.com'))).kind).toBe('no_role');
  });

  it.each(['forged', 'expired', 'unsigned', 'anon', 'garbage', 'empty'])('that are %s are refused', async (kind) => {
    const now = Math.floor(Date.now() / 1000);
    const [, payload = ''] = (await accessToken()).split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const admin = { ...claims, app_metadata: { sluice_role: 'admin' } };
    const made: Record<string, string> = {
      forged: signJwt('somebody else signed this one, not us', admin),
      expired: signJwt(supabase.jwtSecret, { ...claims, iat: now - 7200, exp: now - 3600 }),
      unsigned: signJwt('', admin, 'none'),
      anon: signJwt(supabase.jwtSecret, { role: 'anon', exp: now + 3600, app_metadata: { sluice_role: 'admin' } }),
      garbage: 'a.b.c',
      empty: '',
    };
    expect(await directory.verify(made[kind] ?? '')).toEqual({ kind: 'refused' });
  });

  it('are asked about once in half a minute, and never longer than they live', async () => {
    let nowMs = Date.now();
    const cached = supabaseDirectory(supabase, () => nowMs);
    const token = await accessToken();
    expect((await cached.verify(token)).kind).toBe('known');
    nowMs += 3600_000 + 1000;
    expect((await cached.verify(token)).kind).toBe('refused');
  });
});
