import { readEntry } from '@/lib/control/journal/read-journal';
import { json } from '@/lib/http/message';
import { idIn } from '@/lib/http/path-id';
import { route } from '@/lib/http/route';
import { controlPlane } from '@/lib/process/web';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: async (arriving) => {
    const plane = controlPlane();
    await plane.guard(arriving, 'viewer');
    return json(200, await readEntry(plane.control, idIn(arriving.path, '/api/journal/')));
  },
});
