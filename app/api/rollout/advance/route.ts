import { controlBody, flagOf, reasonOf, textOf } from '@/lib/http/control-body';
import { ifMatch } from '@/lib/http/if-match';
import { route } from '@/lib/http/route';
import { writtenResponse } from '@/lib/http/written-response';
import { advanceStage } from '@/lib/operations/advance-stage';
import { controlPlane } from '@/lib/wire';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  POST: async (incoming) => {
    const plane = controlPlane();
    const actor = await plane.guard(incoming, 'operator');
    const body = controlBody(incoming);
    const written = await advanceStage(plane.control, {
      to: textOf(body, 'to'),
      reason: reasonOf(body),
      override: flagOf(body, 'override'),
      expectedVersion: ifMatch(incoming),
      actor: actor.name,
    });
    return writtenResponse(written);
  },
});
