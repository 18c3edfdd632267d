import { json } from '@/lib/http/message';
import { idIn } from '@/lib/http/path-id';
import { route } from '@/lib/http/route';
import { endSession } from '@/lib/operations/sessions';
import { access, controlPlane, runtime } from '@/lib/wire';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  DELETE: async (incoming) => {
    const actor = await controlPlane().guard(incoming, 'admin');
    const id = idIn(incoming.path, '/api/sessions/');
    await endSession(access().door.sessions, id, actor.name);
    runtime().log.info({ actor: actor.name, session: id }, 'a session was ended');
    return json(200, { ended: id });
  },
});
