import { shownSession } from '@/lib/access/sessions';
import { json } from '@/lib/http/message';
import { route } from '@/lib/http/route';
import { access, controlPlane } from '@/lib/process/web';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: async (arriving) => {
    await controlPlane().guard(arriving, 'admin');
    const sessions = await access().door.sessions.list();
    return json(200, { sessions: sessions.map(shownSession) });
  },
});
