import { json } from '@/lib/http/message';
import { route } from '@/lib/http/route';
import { controlPlane } from '@/lib/process/web';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: async (arriving) => {
    const plane = controlPlane();
    await plane.guard(arriving, 'viewer');
    return json(200, { alerts: await plane.control.alerts.open() });
  },
});
