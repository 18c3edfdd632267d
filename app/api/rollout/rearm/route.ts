import { controlBody, reasonOf } from '@/lib/http/control-body';
import { ifMatch } from '@/lib/http/if-match';
import { route } from '@/lib/http/route';
import { writtenResponse } from '@/lib/http/written-response';
import { rearm } from '@/lib/operations/rearm';
import { controlPlane } from '@/lib/wire';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  POST: async (arriving) => {
    const plane = controlPlane();
    const actor = await plane.guard(arriving, 'operator');
    const reason = reasonOf(controlBody(await arriving.received()));
    const expectedVersion = ifMatch(arriving);
    return writtenResponse(await rearm(plane.control, { reason, expectedVersion, actor: actor.name }));
  },
});
