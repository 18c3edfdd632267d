import { afterAll, beforeAll, expect, it } from 'vitest';
import * as door from '@/app/api/[[...rest]]/route';
import { tokens } from '@/lib/access/tokens';
import { runtime } from '@/lib/process/web';
import { adminToken, type Call, type TestApi, testApi } from '../support/api';

let api: TestApi;
beforeAll(async () => {
  api = await testApi({ SLUICE_RATE_SIGN_IN: '16' });
  await runtime().firstRead;
});
afterAll(() => api.close());

const password = 'correct horse battery';
const send = (path: string, body?: unknown, call: Partial<Call> = {}) =>
  api.call(door, { path, ...(body === undefined ? {} : { method: 'POST', body }), ...call });
const asNobody = { signedIn: false } as const;

async function invite(name: string, role = 'viewer'): Promise<{ key: string; id: number }> {
  const { status, body } = await send('/api/invites', { name, role });
  expect([status, body.name, body.role]).toEqual([201, name, role]);
  return { key: String(body.path).replace('/sign-in#invite=', ''), id: Number(body.id) };
}
const accept = (key: string, more: object = { password }) =>
  send('/api/invites/accept', { invite: key, ...more }, asNobody);
const signIn = (name: string, said: string) => send('/api/session', { name, password: said }, asNobody);
const journaled = async (verb: string) =>
  await api.rollout.sql`select j.actor, j.was, j.becomes from sluice.journal j where j.verb = ${verb} order by j.id`;

it('lets one person in, once, as what the admin said, by a password of their own', async () => {
  const { key } = await invite('ann');
  expect((await accept(key, {})).body).toMatchObject({ name: 'ann', role: 'viewer', expires_at: expect.any(String) });
  expect(await accept(key, { password: 'short' })).toMatchObject({ status: 422, body: { code: 'password-invalid' } });
  // Whatever else is said, all at once: one is let in, as a viewer.
  const raised = { password, role: 'admin', name: 'root' };
  const answers = await Promise.all([accept(key, raised), accept(key, raised), accept(key, raised)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
  const let_in = answers.find(({ status }) => status === 200);
  expect(let_in?.body).toMatchObject({ name: 'operator:ann', role: 'viewer' });
  const cookie = String(let_in?.headers.get('set-cookie')).split(';')[0] ?? '';
  const mine = await send('/api/session', undefined, { ...asNobody, headers: { cookie } });
  expect(mine.body).toMatchObject({ name: 'operator:ann', role: 'viewer' });
  expect(await send('/api/operators', undefined, { ...asNobody, headers: { cookie } })).toMatchObject({ status: 403 });
  expect((await accept(key)).body).toMatchObject({ code: 'sign-in-refused' });
  expect(await signIn('ann', password)).toMatchObject({ status: 200, body: { name: 'operator:ann', role: 'viewer' } });
  expect(await journaled('invite_create')).toMatchObject([
    { actor: 'operator:admin', becomes: 'an invite for ann, viewer' },
  ]);
  expect(await journaled('invite_accept')).toMatchObject([{ actor: 'operator:ann', was: 'an invite for ann, viewer' }]);
  const [stored] = await api.rollout.sql`select
    (select string_agg(i::text, '') from sluice.invites i) || (select string_agg(o::text, '') from sluice.operators o)
    || (select string_agg(j::text, '') from sluice.journal j) as everything`;
  expect(stored?.everything).not.toContain(key);
  expect(stored?.everything).not.toContain(password);
  expect(stored?.everything).toContain('scrypt$32768$');
  // Ended with the operator, the session and the password alike.
  await send('/api/operators/ann', {}, { method: 'DELETE' });
  expect(await send('/api/session', undefined, { ...asNobody, headers: { cookie } })).toMatchObject({ status: 401 });
  expect(await signIn('ann', password)).toMatchObject({ status: 401, body: { code: 'sign-in-refused' } });
});

it('is worth nothing when it is expired, revoked, made up, or its name is taken', async () => {
  const { sql } = api.rollout;
  const old = await invite('bob');
  await sql`update sluice.invites set expires_at = now() where id = ${old.id}`;
  const gone = await invite('bob');
  expect((await send('/api/invites')).body.invites).toMatchObject([{ id: gone.id, name: 'bob' }]);
  expect(await send(`/api/invites/${gone.id}`, {}, { method: 'DELETE' })).toMatchObject({ status: 200 });
  expect(await send(`/api/invites/${gone.id}`, {}, { method: 'DELETE' })).toMatchObject({ status: 404 });
  for (const key of [old.key, gone.key, `sli_${'x'.repeat(43)}`])
    expect(await accept(key)).toMatchObject({ status: 401, body: { code: 'sign-in-refused' } });
  const second = await invite('cid', 'operator');
  await send('/api/operators', { name: 'cid', role: 'viewer' });
  expect(await accept(second.key)).toMatchObject({ status: 409, body: { code: 'operator-exists' } });
  expect(await send('/api/invites', { name: 'cid', role: 'viewer' })).toMatchObject({ status: 409 });
  expect(await send('/api/invites', { name: 'admin', role: 'viewer' })).toMatchObject({ status: 422 });
  expect(await send('/api/invites', { name: 'dora', role: 'king' })).toMatchObject({ status: 422 });
  expect((await sql`select role from sluice.operators where name = 'cid'`)[0]?.role).toBe('viewer');
});

it('is the only one of its name, and ends with whoever it let in', async () => {
  const { sql } = api.rollout;
  const first = await invite('fay', 'admin');
  const second = await invite('fay');
  const open = async () =>
    ((await send('/api/invites')).body.invites as { id: number; name: string }[])
      .filter(({ name }) => name === 'fay')
      .map(({ id }) => id);
  expect(await open()).toEqual([second.id]);
  expect(await accept(first.key)).toMatchObject({ status: 401 });
  await sql`update sluice.invites set revoked_at = null where id = ${first.id}`;
  expect(await accept(second.key)).toMatchObject({ status: 200, body: { role: 'viewer' } });
  expect(await open()).toEqual([]);
  // One that was open all along, as it is when the token was given by hand.
  await sql`update sluice.invites set revoked_at = null where id = ${first.id}`;
  expect(await send('/api/operators/nobody', {}, { method: 'DELETE' })).toMatchObject({ status: 404 });
  expect(await open()).toEqual([first.id]);
  await send('/api/operators/fay', {}, { method: 'DELETE' });
  expect(await accept(first.key)).toMatchObject({ status: 401, body: { code: 'sign-in-refused' } });
  expect((await journaled('invite_revoke')).slice(-3).map(({ was }) => was)).toEqual(
    Array(3).fill('an invite for fay, admin'),
  );
  await sql`insert into sluice.operators (name, role, token_hash, created_by) values ('Gus', 'viewer', 'x', 'sql')`;
  expect(await send('/api/invites', { name: 'gus', role: 'viewer' })).toMatchObject({
    status: 409,
    body: { code: 'operator-exists' },
  });
});

it('a wrong password says what an unknown name says, takes as long, and is not tried for ever', async () => {
  const { key } = await invite('eve');
  expect((await accept(key)).status).toBe(200);
  const timed = async (name: string) => {
    const started = performance.now();
    const said = await signIn(name, 'wrong horse battery');
    return { said: said.body.detail, ms: performance.now() - started };
  };
  // In turn, and the quicker of each: a moment at which the machine stood still is nobody's work.
  const known = [await timed('eve')];
  const unknown = [await timed('nobody-of-that-name')];
  known.push(await timed('eve'));
  unknown.push(await timed('nobody-of-that-name'));
  const quicker = (of: typeof known) => Math.min(...of.map(({ ms }) => ms));
  expect(new Set([...known, ...unknown].map(({ said }) => said)).size).toBe(1);
  // Without the work for a name that nobody has it would be a hundredth.
  expect(quicker(unknown)).toBeGreaterThan(quicker(known) / 5);
  const more = await Promise.all(Array.from({ length: 20 }, () => signIn('eve', 'wrong horse battery')));
  expect(more.some(({ body }) => body.code === 'too-many-requests')).toBe(true);
  expect(more.every(({ status }) => status === 401 || status === 429)).toBe(true);
});

it('is neither made nor accepted, and no name signs in by a password, where everybody needs a second factor', async () => {
  await api.close();
  api = await testApi({ SLUICE_REQUIRE_MFA: '1' });
  const { sql } = api.rollout;
  const key = tokens.issue('sli');
  await sql`insert into sluice.invites (hash, name, role, expires_at, created_by)
    values (${tokens.digest(key)}, 'hal', 'admin', now() + interval '1 hour', 'sql')`;
  const made = { name: 'ida', role: 'viewer' };
  for (const answer of [
    await send('/api/invites', made),
    await accept(key),
    await accept(key, {}),
    await signIn('hal', password),
  ]) {
    expect(answer).toMatchObject({ status: 403, body: { code: 'not-allowed', says: { key: 'mfa-no-passwords' } } });
    expect(answer.body.detail).toContain('SLUICE_REQUIRE_MFA');
  }
  expect(await send('/api/session', { token: adminToken }, asNobody)).toMatchObject({ status: 200 });
  expect(await sql`select name from sluice.operators`).toEqual([]);
});
