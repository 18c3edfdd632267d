import { operatorNamed } from '@/lib/access/identity';
import { changeOwnPassword, hasPassword } from '@/lib/access/own-password';
import { sessionCookie } from '@/lib/access/session-cookie';
import * as answers from '@/lib/api/answers/control-plane';
import { ok } from '@/lib/doors/route';
import { asProblem } from '@/lib/http/as-problem';
import { fields, shortText } from '@/lib/http/body/read-fields';
import { json } from '@/lib/http/respond';
import { guarded } from '../guarded';

const newPassword = fields({
  password: shortText('the one you have'),
  new_password: shortText('the one you want: at least 12 characters'),
});

/** The password of who asks. */
export const ownPasswordRoutes = [
  guarded(
    'GET /api/session/password',
    'viewer',
    'Whether you sign in by a password of ours, and whether anybody may',
    ok(answers.ownPassword),
    async ({ actor }, { access }) => {
      const { identities } = access();
      return json(200, { allowed: !identities.requireMfa, yours: await hasPassword(identities, actor) });
    },
  ),
  guarded(
    'PUT /api/session/password',
    'viewer',
    'Choose another password; your sessions elsewhere end',
    { body: newPassword, ...ok(answers.passwordChanged), refusals: [403, 422, 429] },
    async ({ arriving, actor, body }, { access, controlPlane, runtime }) => {
      const { wrong } = controlPlane();
      const wanted = { password: body.password, wanted: body.new_password, kept: sessionCookie(arriving) };
      // A password can be guessed here as well as at the door, and no oftener by both than by one.
      const account = operatorNamed(actor).toLowerCase();
      const over = wrong.mayTry(arriving, account);
      try {
        const ended = await changeOwnPassword(access().identities, actor, wanted);
        runtime().log.info({ actor: actor.name, sessions: ended }, 'an operator changed their password');
        return json(200, { sessions_ended: ended });
      } catch (error) {
        const problem = asProblem(error);
        if (problem?.code !== 'password-wrong') throw error;
        throw wrong.refused(arriving, { door: 'sign-in', credential: account }, problem);
      } finally {
        over();
      }
    },
  ),
];
