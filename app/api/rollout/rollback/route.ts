import { rollBack } from '@/lib/control/verbs/roll-back';
import { writtenResponse } from '@/lib/doors/control/written-response';
import { controlBody, reasonOf } from '@/lib/http/body/control-body';
import { optionalIfMatch } from '@/lib/http/if-match';
import { route } from '@/lib/http/route';
import { controlPlane } from '@/lib/process/web';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  POST: async (arriving) => {
    const plane = controlPlane();
    const actor = await plane.guard(arriving, 'operator');
    const reason = reasonOf(controlBody(await arriving.received()));
    // A version may be sent along; a rollback wins whatever it says, but a malformed one is still a mistake.
    optionalIfMatch(arriving);
    return writtenResponse(await rollBack(plane.control, { reason, actor: actor.name }));
  },
});
