import { controlBody, fieldFault, textOf } from '@/lib/http/body/control-body';
import { json } from '@/lib/http/message';
import { route } from '@/lib/http/route';
import { addAlertChannel, shownChannel } from '@/lib/notify/alert-channels';
import { access, controlPlane, runtime } from '@/lib/process/web';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: async (arriving) => {
    await controlPlane().guard(arriving, 'admin');
    const channels = await access().channels.channels.list();
    return json(200, { channels: channels.map(shownChannel) });
  },
  POST: async (arriving) => {
    const actor = await controlPlane().guard(arriving, 'admin');
    const fields = controlBody(await arriving.received());
    const { url, secret = null } = fields;
    if (typeof url !== 'string') throw fieldFault('body-invalid', '/url', 'must be text');
    if (secret !== null && typeof secret !== 'string') throw fieldFault('body-invalid', '/secret', 'must be text');
    const wanted = { kind: textOf(fields, 'kind'), url, secret };
    const id = await addAlertChannel(access().channels, wanted, actor.name);
    runtime().log.info({ actor: actor.name, channel: id, kind: wanted.kind }, 'an alert channel was added');
    return json(201, { id });
  },
});
