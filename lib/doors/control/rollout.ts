import { written } from '@/lib/api/answers/control-plane';
import { snapshot } from '@/lib/api/answers/snapshot';
import type { Written } from '@/lib/api/views';
import type { Control } from '@/lib/control/control';
import { advanceStage } from '@/lib/control/verbs/advance-stage';
import { pause } from '@/lib/control/verbs/pause';
import { rearm } from '@/lib/control/verbs/rearm';
import { resume } from '@/lib/control/verbs/resume';
import { rollBack } from '@/lib/control/verbs/roll-back';
import { setWeights } from '@/lib/control/verbs/set-weights';
import { type ControlRoute, ok } from '@/lib/doors/route';
import { fields, flag, judged, reason, shortText } from '@/lib/http/body/read-fields';
import { versionTag } from '@/lib/http/if-match';
import { json } from '@/lib/http/respond';
import { dropUndefined } from '@/lib/kernel/drop-undefined';
import { readMembers } from '@/lib/kernel/json-text';
import { guarded } from './guarded';
import type { Place } from './place';
import type { Planes } from './planes';
import { writtenResponse } from './written-response';

const writes = { ...ok(written, 'Written; ETag is the new version'), ifMatch: 'required', refusals: [409] } as const;
const override = flag('go although a gate is closed, with a reason');
const withReason = fields({ reason });
const shares = {
  ...{ type: 'object', additionalProperties: { type: 'number', minimum: 0, maximum: 1 } },
  description: 'provider → share; their sum is 1',
};

interface Asked {
  readonly reason: string | null;
  readonly expectedVersion: number;
  readonly actor: string;
}

const advance = { ...writes, body: fields({ to: shortText('name of the next stage'), reason, override }) };

// A version may be sent along; a rollback wins whatever it says, but a malformed one is still a mistake.
const arm = (description: string) => shortText(description).optional();
const rollback = {
  ...writes,
  ifMatch: 'optional',
  body: fields({ reason, arm: arm('the only arm that goes; left out, all candidates') }),
} as const;
const rearming = { ...writes, body: fields({ reason, override, arm: arm('the only arm that begins again') }) };

const weights = {
  ...writes,
  body: fields({ weights: judged<unknown>(() => null, shares).optional(), reason, override }).meta({
    required: ['weights'],
  }),
  reading: { invalid: 'weights-invalid', judgedAsWritten: 'weights' },
} as const;

/** A split's snapshot and the verbs below it. */
export function rolloutRoutes({ verbs, of, inUse }: Place): readonly ControlRoute<Planes>[] {
  const versionAt = verbs;
  const verb = (name: string, summary: string, act: (control: Control, asked: Asked) => Promise<Written>) =>
    guarded(
      `POST ${verbs}/${name}`,
      'operator',
      summary,
      { ...writes, versionAt, body: withReason },
      async (call, planes) => {
        const asked = { ...call.body, expectedVersion: call.version, actor: call.actor.name };
        return writtenResponse(await act((await inUse(call.arriving.path, planes)).control, asked));
      },
    );
  return [
    guarded(
      `GET ${verbs}`,
      'viewer',
      'Everything an operator needs; ETag = version',
      ok(snapshot, 'Everything an operator needs; ETag = version'),
      async ({ arriving, actor }, planes) => {
        const shot = await (await of(arriving.path, planes)).snapshots.read(actor);
        return json(200, shot, { etag: versionTag(shot.version) });
      },
    ),
    guarded(
      `POST ${verbs}/advance`,
      'operator',
      'One step along the plan, if every gate is open',
      { ...advance, versionAt },
      async ({ arriving, body, version, actor }, planes) => {
        const { control } = await inUse(arriving.path, planes);
        return writtenResponse(await advanceStage(control, { ...body, expectedVersion: version, actor: actor.name }));
      },
    ),
    guarded(
      `POST ${verbs}/rollback`,
      'operator',
      'Back to the baseline at once; obeys no gate and no version',
      rollback,
      async ({ arriving, body, actor }, planes) => {
        const { control } = await of(arriving.path, planes);
        return writtenResponse(
          await rollBack(control, { ...dropUndefined(body), reason: body.reason, actor: actor.name }),
        );
      },
    ),
    verb('pause', 'Stop promotion; rollback stays armed', pause),
    verb('resume', 'Go on after a pause', resume),
    guarded(
      `POST ${verbs}/rearm`,
      'operator',
      'Allow a new start after a rollback; the reason says why it is safe to begin again',
      { ...rearming, versionAt },
      async ({ arriving, body, version, actor }, planes) => {
        const { control } = await inUse(arriving.path, planes);
        const asked = { ...dropUndefined(body), reason: body.reason, expectedVersion: version, actor: actor.name };
        return writtenResponse(await rearm(control, asked));
      },
    ),
    guarded(
      `PUT ${verbs}/weights`,
      'operator',
      'Weights by hand; raising the candidate obeys the gates',
      { ...weights, versionAt },
      async ({ arriving, body, text, version, actor }, planes) => {
        const { control } = await inUse(arriving.path, planes);
        // JSON.parse hides duplicates and turns 1e400 into Infinity: the digits are judged as they were written.
        const written = readMembers(text)?.find(({ key }) => key === 'weights')?.literal;
        const asked = { ...body, weights: body.weights, written, expectedVersion: version, actor: actor.name };
        return writtenResponse(await setWeights(control, asked));
      },
    ),
  ];
}
