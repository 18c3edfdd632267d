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
import { ok } from '@/lib/doors/route';
import { fields, flag, judged, reason, shortText } from '@/lib/http/body/read-fields';
import { versionTag } from '@/lib/http/if-match';
import { json } from '@/lib/http/respond';
import { readMembers } from '@/lib/kernel/json-text';
import { guarded } from './guarded';
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

const verb = (name: string, summary: string, act: (control: Control, asked: Asked) => Promise<Written>) =>
  guarded(`POST /api/rollout/${name}`, 'operator', summary, { ...writes, body: withReason }, async (call, planes) => {
    const asked = { ...call.body, expectedVersion: call.version, actor: call.actor.name };
    return writtenResponse(await act(planes.controlPlane().control, asked));
  });

const advance = { ...writes, body: fields({ to: shortText('name of the next stage'), reason, override }) };

// A version may be sent along; a rollback wins whatever it says, but a malformed one is still a mistake.
const rollback = { ...writes, ifMatch: 'optional', body: withReason } as const;

const weights = {
  ...writes,
  body: fields({ weights: judged<unknown>(() => null, shares).optional(), reason, override }).meta({
    required: ['weights'],
  }),
  reading: { invalid: 'weights-invalid', judgedAsWritten: 'weights' },
} as const;

export const rolloutRoutes = [
  guarded(
    'GET /api/rollout',
    'viewer',
    'Everything an operator needs; ETag = version',
    ok(snapshot, 'Everything an operator needs; ETag = version'),
    async ({ actor }, { controlPlane }) => {
      const shot = await controlPlane().snapshots.read(actor);
      return json(200, shot, { etag: versionTag(shot.version) });
    },
  ),
  guarded(
    'POST /api/rollout/advance',
    'operator',
    'One step along the plan, if every gate is open',
    advance,
    async ({ body, version, actor }, { controlPlane }) => {
      const asked = { ...body, expectedVersion: version, actor: actor.name };
      return writtenResponse(await advanceStage(controlPlane().control, asked));
    },
  ),
  guarded(
    'POST /api/rollout/rollback',
    'operator',
    'Back to the baseline at once; obeys no gate and no version',
    rollback,
    async ({ body, actor }, { controlPlane }) =>
      writtenResponse(await rollBack(controlPlane().control, { ...body, actor: actor.name })),
  ),
  verb('pause', 'Stop promotion; rollback stays armed', pause),
  verb('resume', 'Go on after a pause', resume),
  verb('rearm', 'Allow a new start after a rollback; the reason says why it is safe to begin again', rearm),
  guarded(
    'PUT /api/rollout/weights',
    'operator',
    'Weights by hand; raising the candidate obeys the gates',
    weights,
    async ({ body, text, version, actor }, { controlPlane }) => {
      // JSON.parse hides duplicates and turns 1e400 into Infinity: the digits are judged as they were written.
      const literal = readMembers(text)?.find(({ key }) => key === 'weights')?.literal;
      const asked = { ...body, weights: body.weights, written: literal, expectedVersion: version, actor: actor.name };
      return writtenResponse(await setWeights(controlPlane().control, asked));
    },
  ),
];
