import { requireApiKey } from '@/lib/http/api-key';
import { route } from '@/lib/http/route';
import { metrics, runtime } from '@/lib/wire';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: async (incoming) => {
    requireApiKey(incoming, runtime().env.SLUICE_API_KEYS);
    const { type, text } = await metrics()();
    return { status: 200, headers: { 'content-type': type, 'cache-control': 'no-store' }, body: text };
  },
});
