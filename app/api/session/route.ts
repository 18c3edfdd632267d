import { controlBody, textOf } from '@/lib/http/control-body';
import { json } from '@/lib/http/message';
import { route } from '@/lib/http/route';
import { requireSameOrigin } from '@/lib/http/same-origin';
import { clearCookie, sessionCookie, setCookie } from '@/lib/http/session-cookie';
import { signInBy } from '@/lib/http/sign-in-body';
import { signInWatched } from '@/lib/http/sign-in-watched';
import { openSession, signOut } from '@/lib/operations/sign-in';
import { access, controlPlane, runtime } from '@/lib/wire';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: async (incoming) => json(200, await controlPlane().guard(incoming, 'viewer')),
  POST: async (incoming) => {
    requireSameOrigin(incoming);
    const plane = controlPlane();
    const fields = controlBody(incoming);
    return signInWatched(plane, incoming, fields, async () => {
      const session = await signInBy(access().door, fields, runtime().env.SLUICE_PUBLIC_URL ?? null);
      if (session === 'sent') return json(202, { sent: true });
      if (session !== null) return json(200, session.who, { 'set-cookie': setCookie(incoming, session.token) });
      const { actor, cookie } = await plane.signIn(incoming, textOf(fields, 'token'));
      // With the store away the admin token still signs in, by a sealed cookie that nobody can revoke.
      const kept = openSession(access().door, actor).then(({ token }) => setCookie(incoming, token));
      return json(200, actor, { 'set-cookie': await kept.catch(() => cookie) });
    });
  },
  DELETE: async (incoming) => {
    requireSameOrigin(incoming);
    const cookie = sessionCookie(incoming);
    if (cookie?.startsWith('sls_')) await signOut(access().door, cookie);
    return json(200, { signed_out: true }, { 'set-cookie': clearCookie(incoming) });
  },
});
