import { json } from '@/lib/http/message';
import { spanOf } from '@/lib/http/query';
import { route } from '@/lib/http/route';
import { readMetrics } from '@/lib/operations/read-metrics';
import { controlPlane } from '@/lib/wire';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: async (incoming) => {
    const plane = controlPlane();
    await plane.guard(incoming, 'viewer');
    const span = spanOf(incoming.query, '1h');
    const { nowMs } = await plane.control.flags.readSplit();
    return json(200, await readMetrics(plane.control, span(nowMs)));
  },
});
