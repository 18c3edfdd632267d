import { revokeOperator } from '@/lib/access/operators';
import { json } from '@/lib/http/message';
import { route } from '@/lib/http/route';
import { access, controlPlane, runtime } from '@/lib/process/web';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  DELETE: async (arriving) => {
    const actor = await controlPlane().guard(arriving, 'admin');
    const name = nameIn(arriving.path);
    await revokeOperator(access().door.operators, name, actor.name);
    runtime().log.info({ actor: actor.name, operator: name }, 'an operator was revoked');
    return json(200, { revoked: name });
  },
});

/** Of what a name may hold only the @ is ever written otherwise. */
const nameIn = (path: string) => path.slice('/api/operators/'.length).replaceAll(/%40/g, '@');
