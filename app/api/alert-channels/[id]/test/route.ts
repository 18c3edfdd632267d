import { json } from '@/lib/http/message';
import { idIn } from '@/lib/http/path-id';
import { route } from '@/lib/http/route';
import { access, controlPlane } from '@/lib/process/web';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  POST: async (arriving) => {
    const actor = await controlPlane().guard(arriving, 'admin');
    const outcome = await access().testChannel(idIn(arriving.path, '/api/alert-channels/'), actor.name);
    return json(200, { delivered: outcome.ok, error: outcome.ok ? null : outcome.error });
  },
});
