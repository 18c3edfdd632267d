import { readMetrics } from '@/lib/charts/read-metrics';
import { json } from '@/lib/http/message';
import { spanOf } from '@/lib/http/query';
import { route } from '@/lib/http/route';
import { controlPlane } from '@/lib/process/web';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: async (arriving) => {
    const plane = controlPlane();
    await plane.guard(arriving, 'viewer');
    const span = spanOf(arriving.query, '1h');
    const { nowMs } = await plane.control.flags.readSplit();
    return json(200, await readMetrics(plane.control, span(nowMs)));
  },
});
