import { controlBody, flagOf, reasonOf, textOf } from '@/lib/http/control-body';
import { ifMatch } from '@/lib/http/if-match';
import { route } from '@/lib/http/route';
import { writtenResponse } from '@/lib/http/written-response';
import { advanceStage } from '@/lib/operations/advance-stage';
import { controlPlane } from '@/lib/wire';

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
