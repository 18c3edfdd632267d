import { route } from '@/lib/http/route';
import { controlPlane } from '@/lib/process/web';

export const dynamic = 'force-dynamic';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: (arriving) => controlPlane().stream(arriving),
});
