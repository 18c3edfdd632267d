import type { z } from 'zod';
import { addOperator, revokeOperator, shownOperator } from '@/lib/access/operators';
import { endSession, shownSession } from '@/lib/access/sessions';
import * as answers from '@/lib/api/answers/control-plane';
import { jsonOf, ok } from '@/lib/doors/route';
import { fields, judged, shortText } from '@/lib/http/body/read-fields';
import { json } from '@/lib/http/respond';
import { addAlertChannel, removeAlertChannel, shownChannels } from '@/lib/notify/alert-channels';
import { guarded } from './guarded';
import type { Planes } from './planes';

const orNull = <T>(type: 'string' | 'number', rule: string, described: object) =>
  judged<T | null>((value) => (value === null || typeof value === type ? null : rule), described).optional();

const newOperator = fields({
  valid_days: orNull<number>('number', 'must be a number of days, or left out', { type: ['integer', 'null'] }),
  name: shortText('what the journal calls them'),
  role: shortText('viewer, operator or admin'),
});

const newChannel = fields({
  url: judged<string>((value) => (typeof value === 'string' ? null : 'must be text'), { type: 'string' }),
  secret: orNull<string>('string', 'must be text', { type: ['string', 'null'] }),
  kind: shortText('webhook, slack, feishu, dingtalk or wecom'),
});

const list = (path: `/${string}`, summary: string, schema: z.ZodType, read: (planes: Planes) => Promise<object>) =>
  guarded(`GET ${path}`, 'admin', summary, ok(schema), async (_, planes) => json(200, await read(planes)));

/** Who may come in, and where alerts go out. */
export const peopleRoutes = [
  list('/api/operators', 'Operators, without their tokens', answers.operators, async ({ access }) => ({
    operators: (await access().identities.operators.list()).map(shownOperator),
  })),
  guarded(
    'POST /api/operators',
    'admin',
    'Add an operator; the token is answered this once',
    {
      body: newOperator,
      answers: { 201: jsonOf(answers.operatorAdded, 'Added; the token is answered this once') },
      refusals: [409],
    },
    async ({ body: { name, role: wanted, valid_days = null }, actor }, { access, runtime }) => {
      const operator = { name, role: wanted, validDays: valid_days };
      const { token, role } = await addOperator(access().identities, operator, actor.name);
      runtime().log.info({ actor: actor.name, operator: name, role }, 'an operator was added');
      return json(201, { name, role, token });
    },
  ),
  guarded(
    'DELETE /api/operators/{name}',
    'admin',
    'Revoke a token and its sessions',
    ok(answers.operatorRevoked),
    async ({ arriving, actor }, { access, runtime }) => {
      // Of what a name may hold only the @ is ever written otherwise.
      const name = arriving.path.slice('/api/operators/'.length).replaceAll('%40', '@');
      await revokeOperator(access().identities.operators, name, actor.name);
      runtime().log.info({ actor: actor.name, operator: name }, 'an operator was revoked');
      return json(200, { revoked: name });
    },
  ),
  list('/api/sessions', 'Open sessions, without what is in their cookies', answers.sessions, async ({ access }) => ({
    sessions: (await access().identities.sessions.list()).map(shownSession),
  })),
  guarded(
    'DELETE /api/sessions/{id}',
    'admin',
    'End a session',
    ok(answers.sessionEnded),
    async ({ id, actor }, { access, runtime }) => {
      await endSession(access().identities.sessions, id, actor.name);
      runtime().log.info({ actor: actor.name, session: id }, 'a session was ended');
      return json(200, { ended: id });
    },
  ),
  list('/api/alert-channels', 'Where alerts go, without secrets', answers.channels, async ({ access }) => ({
    channels: await shownChannels(access().channels),
  })),
  guarded(
    'POST /api/alert-channels',
    'admin',
    'Add a channel; its address must be public https',
    { body: newChannel, answers: { 201: jsonOf(answers.channelAdded, 'Added') } },
    async ({ body: { kind, url, secret = null }, actor }, { access, runtime }) => {
      const id = await addAlertChannel(access().channels, { kind, url, secret }, actor.name);
      runtime().log.info({ actor: actor.name, channel: id, kind }, 'an alert channel was added');
      return json(201, { id });
    },
  ),
  guarded(
    'DELETE /api/alert-channels/{id}',
    'admin',
    'Remove a channel',
    ok(answers.channelRemoved),
    async ({ id, actor }, { access, runtime }) => {
      await removeAlertChannel(access().channels, id, actor.name);
      runtime().log.info({ actor: actor.name, channel: id }, 'an alert channel was removed');
      return json(200, { removed: id });
    },
  ),
  guarded(
    'POST /api/alert-channels/{id}/test',
    'admin',
    'Send a test message now',
    ok(answers.channelTested),
    async ({ id, actor }, { access }) => {
      const outcome = await access().testChannel(id, actor.name);
      return json(200, { delivered: outcome.ok, error: outcome.ok ? null : outcome.error });
    },
  ),
];
