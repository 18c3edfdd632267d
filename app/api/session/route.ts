import { clearCookie, sessionCookie, setCookie } from '@/lib/access/session-cookie';
import { signOut } from '@/lib/access/sign-in';
import { signInBy } from '@/lib/doors/control/sign-in-body';
import { signInWatched } from '@/lib/doors/control/sign-in-watched';
import { controlBody } from '@/lib/http/body/control-body';
import { requireSameOrigin } from '@/lib/http/defence/same-origin';
import { json } from '@/lib/http/message';
import { route } from '@/lib/http/route';
import { access, controlPlane, runtime } from '@/lib/process/web';

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
