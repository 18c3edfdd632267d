import { controlBody, textOf } from '@/lib/http/control-body';
import { json } from '@/lib/http/message';
import { route } from '@/lib/http/route';
import { requireSameOrigin } from '@/lib/http/same-origin';
import { clearCookie } from '@/lib/http/session';
import { controlPlane } from '@/lib/wire';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: async (incoming) => json(200, await controlPlane().guard(incoming, 'viewer')),
  POST: async (incoming) => {
    requireSameOrigin(incoming);
    const plane = controlPlane();
    plane.throttles.signIn.take(incoming.remote ?? 'unknown');
    const { actor, cookie } = await plane.signIn(incoming, textOf(controlBody(incoming), 'token'));
    return json(200, actor, { 'set-cookie': cookie });
  },
  DELETE: async (incoming) => {
    requireSameOrigin(incoming);
    return json(200, { signed_out: true }, { 'set-cookie': clearCookie(incoming) });
  },
});
