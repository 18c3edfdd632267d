import { z } from 'zod';
import { acceptInvite, inviteOperator, readInvite, revokeInvite, shownInvite } from '@/lib/access/invites';
import { setCookie } from '@/lib/access/session-cookie';
import * as answers from '@/lib/api/answers/control-plane';
import { jsonOf, ok } from '@/lib/doors/route';
import { fields, readFields, shortText } from '@/lib/http/body/read-fields';
import { requireSameOrigin } from '@/lib/http/defence/same-origin';
import { json } from '@/lib/http/respond';
import { guarded, open } from '../guarded';
import { adminList, orNull } from './people';
import { signInWatched } from './sign-in-watched';

const newInvite = fields({
  name: shortText('what the journal will call them'),
  role: shortText('viewer, operator or admin'),
  hours: orNull<number>('number', 'must be a number of hours, or left out', { type: ['integer', 'null'] }),
});
const accepting = fields({
  invite: shortText('the key of the link'),
  password: shortText('the one this person chose; left out, it is only told whom the link is for').optional(),
});
const accepted = {
  body: accepting,
  answers: {
    200: jsonOf(z.union([answers.inviteFor, answers.who]), 'Whom it is for, or who is signed in now, by a cookie'),
  },
  refusals: [401, 403, 409, 422, 429, 503],
} as const;

/** Operators who let themselves in, by a link that works once. */
export const inviteRoutes = [
  adminList('/api/invites', 'Invites that would still let somebody in', answers.invites, async ({ access }) => ({
    invites: (await access().identities.invites.list()).map(shownInvite),
  })),
  guarded(
    'POST /api/invites',
    'admin',
    'Invite an operator; the link is answered this once, and works once',
    {
      body: newInvite,
      answers: { 201: jsonOf(answers.inviteMade, 'Made; the link is answered this once') },
      refusals: [409],
    },
    async ({ body: { name, role, hours = null }, actor }, { access, runtime }) => {
      const { invite, path } = await inviteOperator(access().identities, { name, role, hours }, actor.name);
      const { env, log } = runtime();
      log.info({ actor: actor.name, operator: name, role }, 'an operator was invited');
      return json(201, {
        ...shownInvite(invite),
        path,
        url: env.SLUICE_PUBLIC_URL ? `${env.SLUICE_PUBLIC_URL}${path}` : null,
      });
    },
  ),
  guarded(
    'DELETE /api/invites/{id}',
    'admin',
    'Revoke an invite that was not used',
    { ...ok(answers.inviteRevoked), refusals: [404] },
    async ({ id, actor }, { access, runtime }) => {
      await revokeInvite(access().identities, id, actor.name);
      runtime().log.info({ actor: actor.name, invite: id }, 'an invite was revoked');
      return json(200, { revoked: id });
    },
  ),
  open(
    'POST /api/invites/accept',
    'public',
    'Choose a password by an invite, once; answers a cookie',
    accepted,
    async (arriving, { controlPlane, access, runtime }) => {
      requireSameOrigin(arriving);
      const { value } = readFields(accepting, await arriving.received(), { invalid: 'body-invalid' });
      const { invite, password } = value;
      const { identities } = access();
      const watched = <T>(attempt: () => Promise<T>) =>
        signInWatched(controlPlane(), arriving, { link: invite }, attempt);
      if (password === undefined) {
        const { name, role, expires_at } = shownInvite(await watched(() => readInvite(identities, invite)));
        return json(200, { name, role, expires_at });
      }
      const { who, token } = await watched(() => acceptInvite(identities, invite, password));
      runtime().log.info({ actor: who.name, role: who.role, address: arriving.remote }, 'accepted an invite');
      return json(200, who, { 'set-cookie': setCookie(arriving, token) });
    },
  ),
];
