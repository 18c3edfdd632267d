import { controlBody, flagOf, reasonOf, writtenMember } from '@/lib/http/control-body';
import { ifMatch } from '@/lib/http/if-match';
import { route } from '@/lib/http/route';
import { writtenResponse } from '@/lib/http/written-response';
import { setWeights } from '@/lib/operations/set-weights';
import { controlPlane } from '@/lib/wire';

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
