import { advanceStage } from '@/lib/control/verbs/advance-stage';
import { writtenResponse } from '@/lib/doors/control/written-response';
import { controlBody, flagOf, reasonOf, textOf } from '@/lib/http/body/control-body';
import { ifMatch } from '@/lib/http/if-match';
import { route } from '@/lib/http/route';
import { controlPlane } from '@/lib/process/web';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  POST: async (arriving) => {
    const plane = controlPlane();
    const actor = await plane.guard(arriving, 'operator');
    const body = controlBody(await arriving.received());
    const written = await advanceStage(plane.control, {
      to: textOf(body, 'to'),
      reason: reasonOf(body),
      override: flagOf(body, 'override'),
      expectedVersion: ifMatch(arriving),
      actor: actor.name,
    });
    return writtenResponse(written);
  },
});
