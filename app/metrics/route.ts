import { route } from '@/lib/http/route';
import { metrics, runtime } from '@/lib/process/web';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: async (arriving) => {
    runtime().whoCalls(arriving);
    const { type, text } = await metrics()();
    return { status: 200, headers: { 'content-type': type, 'cache-control': 'no-store' }, body: text };
  },
});
