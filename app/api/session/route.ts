import { controlBody } from '@/lib/http/control-body';
import { json } from '@/lib/http/message';
import { route } from '@/lib/http/route';
import { requireSameOrigin } from '@/lib/http/same-origin';
import { clearCookie, sessionCookie, setCookie } from '@/lib/http/session-cookie';
import { signInBy } from '@/lib/http/sign-in-body';
import { signInWatched } from '@/lib/http/sign-in-watched';
import { signOut } from '@/lib/operations/sign-in';
import { access, controlPlane, runtime } from '@/lib/wire';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: async (arriving) => json(200, await controlPlane().guard(arriving, 'viewer')),
  POST: async (arriving) => {
    requireSameOrigin(arriving);
    const fields = controlBody(await arriving.received());
    const { env, log } = runtime();
    const session = await signInWatched(controlPlane(), arriving, fields, () =>
      signInBy(access().door, fields, env.SLUICE_PUBLIC_URL ?? null),
    );
    if (session === 'sent') return json(202, { sent: true });
    const { who, token } = session;
    log.info({ actor: who.name, role: who.role, address: arriving.remote }, 'signed in');
    return json(200, who, { 'set-cookie': setCookie(arriving, token) });
  },
  DELETE: async (arriving) => {
    requireSameOrigin(arriving);
    const cookie = sessionCookie(arriving);
    const name = cookie?.startsWith('sls_') ? await signOut(access().door, cookie) : null;
    if (name !== null) runtime().log.info({ actor: name, address: arriving.remote }, 'signed out');
    return json(200, { signed_out: true }, { 'set-cookie': clearCookie(arriving) });
  },
});
