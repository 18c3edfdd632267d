import { clearCookie, sessionCookie, setCookie } from '@/lib/access/session-cookie';
import { signOut } from '@/lib/access/sign-in';
import * as answers from '@/lib/api/answers/control-plane';
import { jsonOf, ok } from '@/lib/doors/route';
import { readFields } from '@/lib/http/body/read-fields';
import { requireSameOrigin } from '@/lib/http/defence/same-origin';
import { json } from '@/lib/http/respond';
import { guarded, open } from '../guarded';
import { signInBody, signInBy } from './sign-in-body';
import { signInWatched } from './sign-in-watched';

const signIn = {
  body: signInBody,
  answers: { 200: jsonOf(answers.who, 'Signed in, by a cookie'), 202: jsonOf(answers.codeSent, 'Mailed') },
  refusals: [401, 403, 404, 429, 503],
};

export const sessionRoutes = [
  guarded('GET /api/session', 'viewer', 'Who am I', ok(answers.who), async ({ actor }) => json(200, actor)),
  open(
    'POST /api/session',
    'public',
    'Sign in by one of the ways; answers a cookie',
    signIn,
    async (arriving, { controlPlane, access, runtime }) => {
      requireSameOrigin(arriving);
      const { value } = readFields(signInBody, await arriving.received(), { invalid: 'body-invalid' });
      const { env, log } = runtime();
      const session = await signInWatched(controlPlane(), arriving, value, () =>
        signInBy(access().identities, value, env.SLUICE_PUBLIC_URL ?? null),
      );
      if (session === 'sent') return json(202, { sent: true });
      const { who, token } = session;
      log.info({ actor: who.name, role: who.role, address: arriving.remote }, 'signed in');
      return json(200, who, { 'set-cookie': setCookie(arriving, token) });
    },
  ),
  open(
    'DELETE /api/session',
    'public',
    'Sign out',
    { ...ok(answers.signedOut), refusals: [403, 503] },
    async (arriving, { access, runtime }) => {
      requireSameOrigin(arriving);
      const cookie = sessionCookie(arriving);
      const name = cookie?.startsWith('sls_') ? await signOut(access().identities, cookie) : null;
      if (name !== null) runtime().log.info({ actor: name, address: arriving.remote }, 'signed out');
      return json(200, { signed_out: true }, { 'set-cookie': clearCookie(arriving) });
    },
  ),
];
