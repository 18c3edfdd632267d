import { json } from '@/lib/http/message';
import { idIn } from '@/lib/http/path-id';
import { route } from '@/lib/http/route';
import { removeAlertChannel } from '@/lib/operations/alert-channels';
import { access, controlPlane } from '@/lib/wire';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  DELETE: async (incoming) => {
    await controlPlane().guard(incoming, 'admin');
    const id = idIn(incoming.path, '/api/alert-channels/');
    await removeAlertChannel(access().channels, id);
    return json(200, { removed: id });
  },
});
