import { versionTag } from '@/lib/http/if-match';
import { json } from '@/lib/http/message';
import { route } from '@/lib/http/route';
import { controlPlane } from '@/lib/process/web';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: async (arriving) => {
    const plane = controlPlane();
    const actor = await plane.guard(arriving, 'viewer');
    const snapshot = await plane.snapshots.read(actor);
    return json(200, snapshot, { etag: versionTag(snapshot.version) });
  },
});
