import { acknowledgeAlert } from '@/lib/control/verbs/acknowledge-alert';
import { controlBody, reasonOf } from '@/lib/http/body/control-body';
import { json } from '@/lib/http/message';
import { idIn } from '@/lib/http/path-id';
import { route } from '@/lib/http/route';
import { controlPlane } from '@/lib/process/web';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  POST: async (arriving) => {
    const plane = controlPlane();
    const actor = await plane.guard(arriving, 'operator');
    const id = idIn(arriving.path, '/api/alerts/');
    const reason = reasonOf(controlBody(await arriving.received()));
    return json(200, await acknowledgeAlert(plane.control, { id, reason, by: actor.name }));
  },
});
