import { inviteOperator } from '@/lib/access/invites';
import { addOperator, revokeOperator, roleOf, shownOperator } from '@/lib/access/operators';
import { endSession, shownSession } from '@/lib/access/sessions';
import { createSignInLink } from '@/lib/access/sign-in';
import type { Access } from '@/lib/process/build-access';
import { type Command, type Invocation, integerOption, textOption, UsageError } from '../../command';
import { withAccess } from '../../open-access';
import { tableLines } from '../../texts/table-lines';

type Verb = (call: Invocation, access: Access) => Promise<void>;

const add: Verb = async (call, { identities }) => {
  const days = integerOption(call.values, 'days', 0);
  const role = textOption(call.values, 'role') ?? 'viewer';
  call.nameDatabase();
  const wanted = { name: nameOf(call), role, validDays: days === 0 ? null : days };
  const { token } = await addOperator(identities, wanted, call.actor);
  const lines = [`${wanted.name} (${role}) signs in with this token; it is shown this once:`, token];
  call.answer({ name: wanted.name, role, token }, lines);
};

const list: Verb = async (call, { identities }) => {
  const operators = (await identities.operators.list()).map(shownOperator);
  const rows = operators.map((one) => [
    one.name,
    one.role,
    one.revoked_at ? `revoked ${one.revoked_at}` : one.expires_at ? `until ${one.expires_at}` : 'no end',
    one.last_used_at ?? 'never used',
  ]);
  call.answer(
    { operators },
    rows.length === 0 ? ['There are no operators.'] : tableLines(['name', 'role', 'valid', 'last used'], rows),
  );
};

const revoke: Verb = async (call, { identities }) => {
  const name = nameOf(call);
  await call.confirm(`Revoke the token and the sessions of ${name}?`);
  await revokeOperator(identities.operators, name, call.actor);
  call.answer({ revoked: name }, [`${name} can no longer sign in; open sessions have ended.`]);
};

const baseUrl = () => process.env.SLUICE_PUBLIC_URL || `http://127.0.0.1:${process.env.PORT ?? 3000}`;

const link: Verb = async (call, { identities }) => {
  const role = roleOf(textOption(call.values, 'role') ?? 'admin');
  call.nameDatabase();
  const path = await createSignInLink(identities, role, call.actor.replace(/^cli:/, 'operator:'), call.actor);
  const url = `${baseUrl()}${path}`;
  call.answer({ url, role }, [`Open within 15 minutes, once: ${url}`]);
};

const invite: Verb = async (call, { identities }) => {
  const wanted = { name: nameOf(call), role: textOption(call.values, 'role') ?? 'viewer', hours: null };
  call.nameDatabase();
  const { path } = await inviteOperator(identities, wanted, call.actor);
  const url = `${baseUrl()}${path}`;
  const lines = [`${wanted.name} (${wanted.role}) chooses a password by this link, once, within two days:`, url];
  call.answer({ name: wanted.name, role: wanted.role, url }, lines);
};

const sessions: Verb = async (call, { identities }) => {
  const open = (await identities.sessions.list()).map(shownSession);
  const rows = open.map((one) => [
    String(one.id),
    one.operator,
    one.role,
    one.way,
    one.opened_at,
    one.last_seen_at,
    one.expires_at,
  ]);
  const header = ['id', 'operator', 'role', 'by', 'opened', 'last seen', 'ends'];
  call.answer({ sessions: open }, rows.length === 0 ? ['Nobody is signed in.'] : tableLines(header, rows));
};

const end: Verb = async (call, { identities }) => {
  const given = call.positionals[1] ?? '';
  if (!/^[1-9]\d{0,14}$/.test(given)) throw new UsageError('Name a session by its id: sluice operators sessions.');
  await call.confirm(`End session ${given}?`);
  await endSession(identities.sessions, Number(given), call.actor);
  call.answer({ ended: Number(given) }, [`Session ${given} has ended; its streams end within 5 s.`]);
};

const verbs: Readonly<Record<string, Verb>> = { add, invite, list, revoke, link, sessions, end };

export const operators: Command = {
  summary: 'who may sign in, and who is: add, invite, list, revoke, a one-time link, open sessions, end one',
  writes: 'at once',
  usage:
    'operators add NAME [--role viewer|operator|admin] [--days N] | invite NAME [--role R] | list | revoke NAME | link [--role ROLE] | sessions | end ID',
  options: { role: { type: 'string' }, days: { type: 'string' } },
  positionals: [1, 2],
  async run(call) {
    const verb = verbs[call.positionals[0] ?? ''];
    if (!verb) throw new UsageError(`Usage: sluice ${operators.usage}`);
    await withAccess(call, (access) => verb(call, access));
    return undefined;
  },
};

function nameOf(call: Invocation): string {
  const name = call.positionals[1];
  if (name === undefined) throw new UsageError(`Usage: sluice ${operators.usage}`);
  return name;
}
