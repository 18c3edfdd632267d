import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operatorStore } from '@/lib/adapters/postgres/operator-store';
import { sessionStore } from '@/lib/adapters/postgres/session-store';
import { tokens } from '@/lib/adapters/secrets/tokens';
import { addOperator, revokeOperator } from '@/lib/operations/operators';
import { createSignInLink, type Door, signInWithLink, signInWithToken, signOut } from '@/lib/operations/sign-in';
import { type TestDatabase, testDatabase } from '../support/database';

let database: TestDatabase;
let door: Door;
beforeAll(async () => {
  database = await testDatabase();
  door = {
    operators: operatorStore(database.sql),
    sessions: sessionStore(database.sql),
    tokens,
    directory: null,
  };
});
afterAll(() => database.close());

const ann = (name: string, role = 'operator', validDays: number | null = null) =>
  addOperator(door, { name, role, validDays }, 'cli:root');
const find = (token: string) => door.sessions.find(tokens.digest(token));

describe('local operators', () => {
  it('sign in with the token they were given once; only its digest is stored', async () => {
    const { token } = await ann('ann');
    expect(token).toMatch(/^slo_[\w-]{43}$/);
    const session = await signInWithToken(door, token);
    expect(session.who).toEqual({ name: 'operator:ann', role: 'operator' });
    expect(await find(session.token)).toEqual(session.who);
    const stored =
      await database.sql`select to_jsonb(o)::text || (select jsonb_agg(s)::text from sluice.sessions s) as all from sluice.operators o`;
    expect(stored[0]?.all).not.toContain(token);
    expect(stored[0]?.all).not.toContain(session.token);
    expect((await door.operators.list())[0]?.lastUsedAtMs).not.toBeNull();
  });

  it('lose every session when revoked', async () => {
    const { token } = await ann('bob', 'admin');
    const { token: session } = await signInWithToken(door, token);
    await revokeOperator(door.operators, 'bob');
    expect(await find(session)).toBeNull();
    await expect(signInWithToken(door, token)).rejects.toThrow('unknown, expired or revoked');
    await expect(revokeOperator(door.operators, 'bob')).rejects.toThrow('There is no operator bob');
  });

  it('may come back under the same name with another token, but not beside a living one', async () => {
    const { token: first } = await ann('cat');
    await expect(ann('cat')).rejects.toThrow('There is an operator cat already');
    await revokeOperator(door.operators, 'cat');
    const { token: second } = await ann('cat', 'viewer');
    await expect(signInWithToken(door, first)).rejects.toThrow();
    expect((await signInWithToken(door, second)).who.role).toBe('viewer');
  });

  it('end when they expire', async () => {
    const { token } = await ann('dan', 'viewer', 1);
    await database.sql`update sluice.operators set expires_at = now() - interval '1 second' where name = 'dan'`;
    await expect(signInWithToken(door, token)).rejects.toThrow('unknown, expired or revoked');
  });

  it.each([
    ['', 'operator', null],
    ['-x', 'operator', null],
    ['a b', 'operator', null],
    ["x'; drop table feature_flags;--", 'operator', null],
    ['eve', 'root', null],
    ['eve', 'operator', 0],
    ['eve', 'operator', 1.5],
  ])('are not made from %s, %s, %s', async (name, role, days) => {
    await expect(ann(name, role, days)).rejects.toMatchObject({ code: 'operator-invalid' });
  });
});

describe('sessions', () => {
  it('end when signed out, expired or never opened', async () => {
    const { token } = await ann('fay');
    const one = await signInWithToken(door, token);
    const two = await signInWithToken(door, token);
    await signOut(door, one.token);
    expect(await find(one.token)).toBeNull();
    expect(await find(two.token)).not.toBeNull();
    await database.sql`update sluice.sessions set expires_at = now() - interval '1 second'`;
    expect(await find(two.token)).toBeNull();
    expect(await find('sls_never-issued')).toBeNull();
  });
});

describe('the link of the first start', () => {
  it('signs in once, even when it is followed many times at once', async () => {
    const path = await createSignInLink(door, 'admin');
    const link = new URL(path, 'http://x').searchParams.get('link')!;
    const tries = await Promise.allSettled(Array.from({ length: 12 }, () => signInWithLink(door, link)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(signInWithLink(door, link)).rejects.toThrow('each link works once');
  });

  it('expires', async () => {
    const link = (await createSignInLink(door, 'admin')).split('=')[1]!;
    await database.sql`update sluice.sign_in_links set expires_at = now()`;
    await expect(signInWithLink(door, link)).rejects.toMatchObject({ code: 'sign-in-refused' });
  });
});
