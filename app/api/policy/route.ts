import { controlBody, flagOf, reasonOf } from '@/lib/http/control-body';
import { ifMatch, versionTag } from '@/lib/http/if-match';
import { json } from '@/lib/http/message';
import { route } from '@/lib/http/route';
import { writtenResponse } from '@/lib/http/written-response';
import { readPolicyView } from '@/lib/operations/read-policy-view';
import { savePolicy } from '@/lib/operations/save-policy';
import { controlPlane } from '@/lib/wire';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: async (arriving) => {
    const plane = controlPlane();
    await plane.guard(arriving, 'viewer');
    const view = await readPolicyView(plane.control);
    return json(200, view, { etag: versionTag(view.version) });
  },
  PUT: async (arriving) => {
    const plane = controlPlane();
    const actor = await plane.guard(arriving, 'operator');
    const body = controlBody(await arriving.received(), 'policy-invalid');
    const written = await savePolicy(plane.control, {
      policy: body.policy,
      reason: reasonOf(body),
      confirm: flagOf(body, 'confirm'),
      expectedVersion: ifMatch(arriving),
      actor: actor.name,
    });
    return writtenResponse(written);
  },
});
