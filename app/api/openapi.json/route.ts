import { openApi } from '@/lib/doors/control/openapi';
import { json } from '@/lib/http/message';
import { route } from '@/lib/http/route';
import { controlPlane } from '@/lib/process/web';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: async () => json(200, openApi(controlPlane().control.facts.build)),
});
