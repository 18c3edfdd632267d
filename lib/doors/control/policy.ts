import { policyView, written } from '@/lib/api/answers/control-plane';
import { replayReport } from '@/lib/api/answers/judging';
import { readPolicyView } from '@/lib/control/rollout/read-policy-view';
import { whatIf } from '@/lib/control/rollout/what-if';
import { savePolicy } from '@/lib/control/verbs/save-policy';
import { type ControlRoute, ok } from '@/lib/doors/route';
import { fields, flag, judged, judgedLater, reason } from '@/lib/http/body/read-fields';
import { versionTag } from '@/lib/http/if-match';
import { placed, readQuery, spanOf } from '@/lib/http/read-query';
import { json } from '@/lib/http/respond';
import { policySchema } from '@/lib/split/policy/policy-schema';
import { guarded } from './guarded';
import type { Place } from './place';
import type { Planes } from './planes';
import { writtenResponse } from './written-response';

const policy = judgedLater(policySchema);
const text = (description: string) => judged<unknown>(() => null, { type: ['string', 'null'], description }).optional();

const save = {
  ...ok(written, 'Written; ETag is the new version'),
  ifMatch: 'required',
  body: fields({ policy: policy.optional(), reason, confirm: flag('save it although it would act at once') }).meta({
    required: ['policy'],
  }),
  reading: { invalid: 'policy-invalid' },
  refusals: [409],
} as const;

const lastDay = spanOf('24h');
const said = { window: text('duration such as 1h, 6h, 24h or 10d'), from: text('instant'), to: text('instant') };
const replay = { ...ok(replayReport), body: fields({ policy: policy.nullish(), ...said }) };

/** A split's policy, and what another would have done. */
export function policyRoutes({ beside, of, inUse }: Place): readonly ControlRoute<Planes>[] {
  return [
    guarded(
      `GET ${beside}/policy`,
      'viewer',
      'The policy that judges; ETag = its version',
      ok(policyView, 'ETag = its version'),
      async ({ arriving }, planes) => {
        const view = await readPolicyView((await of(arriving.path, planes)).control);
        return json(200, view, { etag: versionTag(view.version) });
      },
    ),
    guarded(
      `PUT ${beside}/policy`,
      'operator',
      'Save a policy; 409 confirmation-needed when a line would be crossed now or would have acted in the last hour',
      save,
      async ({ arriving, body, version, actor }, planes) => {
        const { control } = await inUse(arriving.path, planes);
        const asked = { ...body, policy: body.policy, expectedVersion: version, actor: actor.name };
        return writtenResponse(await savePolicy(control, asked));
      },
    ),
    guarded(
      `POST ${beside}/replay`,
      'viewer',
      'What a policy would have done over a span of the log',
      replay,
      async ({ arriving, body: { policy = null, ...rest } }, planes) => {
        // The span's fields are those of the queries, so they are read by the same rules.
        const given = Object.entries(rest).filter(([, value]) => value !== undefined && value !== null);
        const span = readQuery(lastDay, new URLSearchParams(given.map(([name, value]) => [name, String(value)])));
        const { control } = await of(arriving.path, planes);
        const { nowMs } = await control.flags.readSplit();
        return json(200, await whatIf(control, { policy, ...placed(span, nowMs) }));
      },
    ),
  ];
}
