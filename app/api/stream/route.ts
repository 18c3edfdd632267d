import { route } from '@/lib/http/route';
import { controlPlane } from '@/lib/wire';

export const dynamic = 'force-dynamic';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: (arriving) => controlPlane().stream(arriving),
});
