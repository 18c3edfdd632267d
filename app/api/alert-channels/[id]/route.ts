import { json } from '@/lib/http/message';
import { idIn } from '@/lib/http/path-id';
import { route } from '@/lib/http/route';
import { removeAlertChannel } from '@/lib/notify/alert-channels';
import { access, controlPlane, runtime } from '@/lib/process/web';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  DELETE: async (arriving) => {
    const actor = await controlPlane().guard(arriving, 'admin');
    const id = idIn(arriving.path, '/api/alert-channels/');
    await removeAlertChannel(access().channels, id, actor.name);
    runtime().log.info({ actor: actor.name, channel: id }, 'an alert channel was removed');
    return json(200, { removed: id });
  },
});
