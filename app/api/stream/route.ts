import { route } from '@/lib/http/route';
import { controlPlane } from '@/lib/wire';

export const dynamic = 'force-dynamic';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: async (incoming) => {
    const plane = controlPlane();
    return plane.stream(await plane.guard(incoming, 'viewer'));
  },
});
