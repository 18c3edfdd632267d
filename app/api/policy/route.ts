import { readPolicyView } from '@/lib/control/scene/read-policy-view';
import { savePolicy } from '@/lib/control/verbs/save-policy';
import { writtenResponse } from '@/lib/doors/control/written-response';
import { controlBody, flagOf, reasonOf } from '@/lib/http/body/control-body';
import { ifMatch, versionTag } from '@/lib/http/if-match';
import { json } from '@/lib/http/message';
import { route } from '@/lib/http/route';
import { controlPlane } from '@/lib/process/web';

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
