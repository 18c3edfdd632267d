import type { z } from 'zod';
import { addOperator, revokeOperator, shownOperator } from '@/lib/access/operators';
import { endSession, shownSession } from '@/lib/access/sessions';
import * as answers from '@/lib/api/answers/control-plane';
import { jsonOf, ok } from '@/lib/doors/route';
import { fields, judged, shortText } from '@/lib/http/body/read-fields';
import { json } from '@/lib/http/respond';

import { guarded } from '../guarded';
import type { Planes } from '../planes';

export const orNull = <T>(type: 'string' | 'number', rule: string, described: object) =>
  judged<T | null>((value) => (value === null || typeof value === type ? null : rule), described).optional();

const newOperator = fields({
  valid_days: orNull<number>('number', 'must be a number of days, or left out', { type: ['integer', 'null'] }),
  name: shortText('what the journal calls them'),
  role: shortText('viewer, operator or admin'),
});

export const adminList = (
  path: `/${string}`,
  summary: string,
  schema: z.ZodType,
  read: (planes: Planes) => Promise<object>,
) => guarded(`GET ${path}`, 'admin', summary, ok(schema), async (_, planes) => json(200, await read(planes)));

/** Who may come in. */
export const peopleRoutes = [
  adminList('/api/operators', 'Operators, without their tokens', answers.operators, async ({ access }) => ({
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
  adminList(
    '/api/sessions',
    'Open sessions, without what is in their cookies',
    answers.sessions,
    async ({ access }) => ({
      sessions: (await access().identities.sessions.list()).map(shownSession),
    }),
  ),
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
];
