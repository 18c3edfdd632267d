import { endSession } from '@/lib/access/sessions';
import { json } from '@/lib/http/message';
import { idIn } from '@/lib/http/path-id';
import { route } from '@/lib/http/route';
import { access, controlPlane, runtime } from '@/lib/process/web';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  DELETE: async (arriving) => {
    const actor = await controlPlane().guard(arriving, 'admin');
    const id = idIn(arriving.path, '/api/sessions/');
    await endSession(access().door.sessions, id, actor.name);
    runtime().log.info({ actor: actor.name, session: id }, 'a session was ended');
    return json(200, { ended: id });
  },
});
