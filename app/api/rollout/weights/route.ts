import { setWeights } from '@/lib/control/verbs/set-weights';
import { writtenResponse } from '@/lib/doors/control/written-response';
import { controlBody, flagOf, reasonOf, writtenMember } from '@/lib/http/body/control-body';
import { ifMatch } from '@/lib/http/if-match';
import { route } from '@/lib/http/route';
import { controlPlane } from '@/lib/process/web';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  PUT: async (arriving) => {
    const plane = controlPlane();
    const actor = await plane.guard(arriving, 'operator');
    const incoming = await arriving.received();
    const body = controlBody(incoming, 'weights-invalid', 'weights');
    const written = await setWeights(plane.control, {
      weights: body.weights,
      written: writtenMember(incoming, 'weights'),
      reason: reasonOf(body),
      override: flagOf(body, 'override'),
      expectedVersion: ifMatch(arriving),
      actor: actor.name,
    });
    return writtenResponse(written);
  },
});
