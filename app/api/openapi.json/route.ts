import { json } from '@/lib/http/message';
import { openApi } from '@/lib/http/openapi';
import { route } from '@/lib/http/route';
import { controlPlane } from '@/lib/wire';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: async () => json(200, openApi(controlPlane().control.facts.build)),
});
