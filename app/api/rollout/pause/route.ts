import { pause } from '@/lib/control/verbs/pause';
import { writtenResponse } from '@/lib/doors/control/written-response';
import { controlBody, reasonOf } from '@/lib/http/body/control-body';
import { ifMatch } from '@/lib/http/if-match';
import { route } from '@/lib/http/route';
import { controlPlane } from '@/lib/process/web';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  POST: async (arriving) => {
    const plane = controlPlane();
    const actor = await plane.guard(arriving, 'operator');
    const reason = reasonOf(controlBody(await arriving.received()));
    const expectedVersion = ifMatch(arriving);
    return writtenResponse(await pause(plane.control, { reason, expectedVersion, actor: actor.name }));
  },
});
