import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inviteStore } from '@/lib/access/invite-store';
import { acceptInvite, inviteOperator, readInvite } from '@/lib/access/invites';
import { operatorStore } from '@/lib/access/operator-store';
import { addOperator, revokeOperator } from '@/lib/access/operators';
import { changeOwnPassword } from '@/lib/access/own-password';
import { sessionStore } from '@/lib/access/session-store';
import { endSession } from '@/lib/access/sessions';
import {
  createSignInLink,
  type Identities,
  signInWithLink,
  signInWithMailedLink,
  signInWithName,
  signInWithToken,
  signOut,
} from '@/lib/access/sign-in';
import { tokens } from '@/lib/access/tokens';
import { channelStore } from '@/lib/notify/channel-store';
import { type TestDatabase, testDatabase } from '../support/database';

const adminToken = 'admin-token-of-the-operators-0123456789';

let database: TestDatabase;
let identities: Identities;
beforeAll(async () => {
  database = await testDatabase();
  identities = {
    operators: operatorStore(database.sql),
    sessions: sessionStore(database.sql, { idleSeconds: 3600, adminCredential: tokens.digest(adminToken) }),
    invites: inviteStore(database.sql),
    adminToken,
    directory: null,
    requireMfa: false,
  };
});
afterAll(() => database.close());

const ann = (name: string, role = 'operator', validDays: number | null = null) =>
  addOperator(identities, { name, role, validDays }, 'cli:root');
const find = (token: string) => identities.sessions.find(tokens.digest(token));

describe('local operators', () => {
  it('sign in with the token they were given once; only its digest is stored', async () => {
    const { token } = await ann('ann');
    expect(token).toMatch(/^slo_[\w-]{43}$/);
    const session = await signInWithToken(identities, token);
    expect(session.who).toEqual({ name: 'operator:ann', role: 'operator' });
    expect(await find(session.token)).toEqual(session.who);
    const stored =
      await database.sql`select to_jsonb(o)::text || (select jsonb_agg(s)::text from sluice.sessions s) as all from sluice.operators o`;
    expect(stored[0]?.all).not.toContain(token);
    expect(stored[0]?.all).not.toContain(session.token);
    expect((await identities.operators.list())[0]?.lastUsedAtMs).not.toBeNull();
  });

  it('lose every session when revoked', async () => {
    const { token } = await ann('bob', 'admin');
    const { token: session } = await signInWithToken(identities, token);
    await revokeOperator(identities.operators, 'bob', 'cli:root');
    expect(await find(session)).toBeNull();
    await expect(signInWithToken(identities, token)).rejects.toThrow('unknown, expired or revoked');
    await expect(revokeOperator(identities.operators, 'bob', 'cli:root')).rejects.toThrow('There is no operator bob');
  });

  it('may come back under the same name with another token, but not beside a living one', async () => {
    const { token: first } = await ann('cat');
    await expect(ann('cat')).rejects.toThrow('There is an operator cat already');
    await revokeOperator(identities.operators, 'cat', 'cli:root');
    const { token: second } = await ann('cat', 'viewer');
    await expect(signInWithToken(identities, first)).rejects.toThrow();
    expect((await signInWithToken(identities, second)).who.role).toBe('viewer');
  });

  it('end when they expire', async () => {
    const { token } = await ann('dan', 'viewer', 1);
    await database.sql`update sluice.operators set expires_at = now() - interval '1 second' where name = 'dan'`;
    await expect(signInWithToken(identities, token)).rejects.toThrow('unknown, expired or revoked');
  });

  it.each([
    ['', 'operator', null],
    ['-x', 'operator', null],
    ['a b', 'operator', null],
    ["x'; drop table feature_flags;--", 'operator', null],
    ['admin', 'operator', null],
    ['Admin', 'operator', null],
    ['first-start', 'operator', null],
    ['Bob', 'operator', null],
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
    const one = await signInWithToken(identities, token);
    const two = await signInWithToken(identities, token);
    await signOut(identities, one.token);
    expect(await find(one.token)).toBeNull();
    expect(await find(two.token)).not.toBeNull();
    await database.sql`update sluice.sessions set expires_at = now() - interval '1 second'`;
    expect(await find(two.token)).toBeNull();
    expect(await find('sls_never-issued')).toBeNull();
  });

  it('end with the token that opened them: expired, revoked by SQL or given anew', async () => {
    const { token } = await ann('gil');
    const session = async (of = token) => (await signInWithToken(identities, of)).token;
    const [expired, revoked] = [await session(), await session()];
    await database.sql`update sluice.operators set expires_at = now() - interval '1 second' where name = 'gil'`;
    expect(await find(expired)).toBeNull();
    await database.sql`update sluice.operators set expires_at = null, revoked_at = now() where name = 'gil'`;
    expect(await find(revoked)).toBeNull();
    const again = await ann('gil');
    expect(await find(revoked)).toBeNull();
    expect(await find(await session(again.token))).not.toBeNull();
  });

  it('have the role that their operator has today', async () => {
    const { token } = await signInWithToken(identities, (await ann('hal', 'admin')).token);
    await database.sql`update sluice.operators set role = 'viewer' where name = 'hal'`;
    expect(await find(token)).toEqual({ name: 'operator:hal', role: 'viewer' });
  });

  it('of the admin token end when it is changed', async () => {
    const { token, who } = await signInWithToken(identities, adminToken);
    expect(await find(token)).toEqual(who);
    for (const adminCredential of [tokens.digest('another-admin-token'), null]) {
      const sessions = sessionStore(database.sql, { idleSeconds: 3600, adminCredential });
      expect(await sessions.find(tokens.digest(token))).toBeNull();
    }
  });

  it('end when nothing was heard of them for long, and not before', async () => {
    const { token } = await signInWithToken(identities, (await ann('ida')).token);
    const heard = (ago: string) => database.sql`
      update sluice.sessions set last_seen_at = now() - ${ago}::interval where id_hash = ${tokens.digest(token)}`;
    await heard('59 minutes 50 seconds');
    expect(await find(token)).not.toBeNull();
    await heard('59 minutes 50 seconds');
    expect(await find(token)).not.toBeNull();
    await heard('60 minutes 1 second');
    expect(await find(token)).toBeNull();
  });

  it('are listed while they are open, and ended one by one', async () => {
    const { token } = await signInWithToken(identities, (await ann('joe', 'viewer')).token);
    const mine = (await identities.sessions.list()).filter(({ who }) => who.name === 'operator:joe');
    expect(mine).toMatchObject([{ who: { role: 'viewer' }, way: 'token' }]);
    await endSession(identities.sessions, mine[0]!.id, 'cli:root');
    expect(await find(token)).toBeNull();
    expect((await identities.sessions.list()).some(({ who }) => who.name === 'operator:joe')).toBe(false);
    await expect(endSession(identities.sessions, mine[0]!.id, 'cli:root')).rejects.toThrow('There is no open session');
  });

  it('are found by many at once, each their own', async () => {
    const { token: slo } = await ann('kim');
    const { token } = await signInWithToken(identities, slo);
    const asked = Array.from({ length: 1200 }, (_, n) => (n % 100 === 7 ? token : `sls_junk-${n}`));
    const found = await Promise.all(asked.map(find));
    expect(found.map((who) => who !== null)).toEqual(asked.map((each) => each === token));
  });
});

describe('a password of ours', () => {
  const [old, next] = ['correct horse battery', 'another long phrase'];
  const invited = async (name: string) => {
    const { path } = await inviteOperator(identities, { name, role: 'viewer', hours: null }, 'operator:admin');
    return acceptInvite(identities, path.split('=')[1] ?? '', old);
  };

  it('is changed by who knows the old one; sessions elsewhere end, and the journal says so', async () => {
    const here = await invited('pat');
    const elsewhere = await signInWithName(identities, 'pat', old);
    const { token: idle } = await signInWithName(identities, 'pat', old);
    await database.sql`
      update sluice.sessions s set last_seen_at = now() - interval '2 hours' where s.id_hash = ${tokens.digest(idle)}`;
    const change = (password: string, wanted: string) =>
      changeOwnPassword(identities, here.who, { password, wanted, kept: here.token });
    await expect(change('not the old one', next)).rejects.toMatchObject({ code: 'password-wrong' });
    await expect(change(old, 'short')).rejects.toThrow('needs at least 12');
    await expect(change(old, old)).rejects.toThrow('is the one you have');
    expect(await find(elsewhere.token)).not.toBeNull();
    expect(await change(old, next)).toBe(1);
    expect(await find(elsewhere.token)).toBeNull();
    expect(await find(here.token)).toEqual(here.who);
    await expect(signInWithName(identities, 'pat', old)).rejects.toThrow('is wrong');
    expect((await signInWithName(identities, 'pat', next)).who).toEqual(here.who);
    const journaled = await database.sql`
      select j.actor, j.verb, j.becomes from sluice.journal j
      where j.flag_key = 'sluice.access' and j.verb = 'password_change'`;
    expect(journaled).toEqual([{ actor: 'operator:pat', verb: 'password_change', becomes: 'pat, viewer' }]);
  });

  it('opens nothing once it was changed while it was being checked', async () => {
    const here = await invited('eve');
    const operators = {
      ...identities.operators,
      withPassword: async (name: string) => {
        const known = await identities.operators.withPassword(name);
        await changeOwnPassword(identities, here.who, { password: old, wanted: next, kept: here.token });
        return known;
      },
    };
    await expect(signInWithName({ ...identities, operators }, 'eve', old)).rejects.toThrow('is wrong');
    const mine = (await identities.sessions.list()).filter(({ who }) => who.name === here.who.name);
    expect(mine).toHaveLength(1);
  });

  it('is nobody else’s to change, and not that of who has none', async () => {
    const { token } = await ann('tom');
    const { who } = await signInWithToken(identities, token);
    await expect(changeOwnPassword(identities, who, { password: old, wanted: next, kept: null })).rejects.toThrow(
      'operator:tom has no password here',
    );
  });

  it('keeps nobody in who came by it before a second factor was asked for', async () => {
    const before = await invited('una');
    expect(await find(before.token)).not.toBeNull();
    const rules = { idleSeconds: 3600, adminCredential: null, requireMfa: true };
    const since = { ...identities, requireMfa: true, sessions: sessionStore(database.sql, rules) };
    expect(await since.sessions.find(tokens.digest(before.token))).toBeNull();
    expect((await since.sessions.list()).filter(({ who }) => who.name === 'operator:una')).toEqual([]);
    // Of a directory, too: what it let in before it was asked to look for one.
    const byDirectory = (by: Identities) => {
      const known = { kind: 'known', who: { name: 'operator:ann@example.com', role: 'viewer' } } as const;
      const directory = { withLink: async () => known } as unknown as NonNullable<Identities['directory']>;
      return signInWithMailedLink({ ...by, directory }, 'x');
    };
    const [earlier, later] = [await byDirectory(identities), await byDirectory(since)];
    expect(await find(earlier.token)).not.toBeNull();
    expect(await since.sessions.find(tokens.digest(earlier.token))).toBeNull();
    expect(await since.sessions.find(tokens.digest(later.token))).toEqual(later.who);
    await expect(changeOwnPassword(since, before.who, { password: old, wanted: next, kept: null })).rejects.toThrow(
      'SLUICE_REQUIRE_MFA asks for a second factor',
    );
  });
});

describe('an invite', () => {
  it('that has not the shape of one is refused before the store is asked', async () => {
    const asked: string[] = [];
    const find = async (hash: string) => {
      asked.push(hash);
      return null;
    };
    const invites = { ...identities.invites, find };
    for (const key of [
      'x',
      `sli_${'x'.repeat(42)}`,
      `slo_${'x'.repeat(43)}`,
      `sli_${'x'.repeat(42)}!`,
      'y'.repeat(200),
    ])
      await expect(readInvite({ invites, requireMfa: false }, key)).rejects.toThrow('The invite is unknown');
    expect(asked).toEqual([]);
    await expect(readInvite({ invites, requireMfa: false }, `sli_${'x'.repeat(43)}`)).rejects.toThrow('unknown');
    expect(asked).toHaveLength(1);
  });
});

describe('the journal of access', () => {
  it('says who came in and went, who may, and where alerts go, whoever did it', async () => {
    const [{ last }] = await database.sql<[{ last: number }]>`select coalesce(max(id), 0) as last from sluice.journal`;
    const { token } = await ann('leo', 'operator');
    const session = await signInWithToken(identities, token);
    await signOut(identities, session.token);
    await revokeOperator(identities.operators, 'leo', 'operator:admin');
    const channels = channelStore(database.sql);
    const url = 'https://hooks.example.com/services/T0/secret-in-the-path';
    const id = await channels.add({ kind: 'webhook', url, secret: 'secret-of-it', createdBy: 'operator:admin' });
    await database.sql`update sluice.alert_channels set enabled = false where id = ${id}`;
    await channels.remove(id, 'operator:admin');
    const rows = await database.sql`
      select verb, actor, was, becomes from sluice.journal where flag_key = 'sluice.access' and id > ${last} order by id`;
    expect(rows.map(({ verb, actor }) => `${verb} ${actor}`)).toEqual([
      'operator_add cli:root',
      'sign_in operator:leo',
      'sign_out operator:leo',
      'operator_revoke operator:admin',
      'channel_add operator:admin',
      'channel_change sql:postgres',
      'channel_remove operator:admin',
    ]);
    expect(rows[1]?.becomes).toMatch(/^session \d+ of operator:leo, operator by token$/);
    expect(rows[4]?.becomes).toMatch(/^channel \d+, webhook to hooks\.example\.com$/);
    const text = JSON.stringify(rows);
    for (const secret of [token, session.token, 'secret-in-the-path', 'secret-of-it'])
      expect(text).not.toContain(secret);
  });

  it('is chained, and nothing in it can be changed unseen', async () => {
    expect(await database.sql`select * from sluice.journal_faults()`).toEqual([]);
  });

  it('does not hear of a request', async () => {
    const { token } = await signInWithToken(identities, (await ann('mia')).token);
    const count = async () => (await database.sql`select count(*) as n from sluice.journal`)[0]?.n;
    const before = await count();
    await database.sql`update sluice.sessions set last_seen_at = now() - interval '5 minutes'`;
    expect(await find(token)).not.toBeNull();
    expect(await count()).toBe(before);
  });
});

describe('the link of the first start', () => {
  it('signs in once, even when it is followed many times at once', async () => {
    const path = await createSignInLink(identities, 'admin');
    const link = new URL(path, 'http://x').searchParams.get('link')!;
    const tries = await Promise.allSettled(Array.from({ length: 12 }, () => signInWithLink(identities, link)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(signInWithLink(identities, link)).rejects.toThrow('each link works once');
  });

  it('expires', async () => {
    const link = (await createSignInLink(identities, 'admin')).split('=')[1]!;
    await database.sql`update sluice.sign_in_links set expires_at = now()`;
    await expect(signInWithLink(identities, link)).rejects.toMatchObject({ code: 'sign-in-refused' });
  });
});
