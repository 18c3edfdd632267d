import { z } from 'zod';
import { splitQuota } from '@/lib/api/answers/access';
import * as answers from '@/lib/api/answers/registry';
import { jsonOf, ok } from '@/lib/doors/route';
import { fieldFault } from '@/lib/http/body/read-body';
import { judged, onlyFields, reason, shortText } from '@/lib/http/body/read-fields';
import { versionTag } from '@/lib/http/if-match';
import type { Outgoing } from '@/lib/http/message';
import { partOf } from '@/lib/http/part-of-path';
import { json } from '@/lib/http/respond';
import { quotaShape } from '@/lib/registry/quota';
import type { SplitEntry } from '@/lib/registry/registry';
import type { RegistryWrite, SplitChange } from '@/lib/registry/write-registry';
import { guarded, open } from '../guarded';
import { splitAt } from '../place';
import type { Planes } from '../planes';
import { eventsOf } from '../watching';
import { armEntry, entryOf } from './entries';
import * as members from './members';

const named = {
  label: members.text('what people read'),
  match: members.match,
  is_default: members.yesOrNo('requests of this kind that name no split and match none come here'),
};

const newArm = z.strictObject({ name: shortText('as weights name it'), ...members.arm });
const create = {
  answers: { 201: jsonOf(answers.splitMade, 'Made, with all traffic on its baseline; ETag = version, of its weights') },
  body: onlyFields({
    slug: shortText('in addresses and commands: small letters, digits and "-"'),
    kind: shortText('image, job, relay or assign'),
    key: members.text('of its row in feature_flags; left out, the slug in capitals with _WEIGHTS'),
    ...named,
    baseline: shortText('the arm to fall back to'),
    candidates: members.candidates,
    arms: z
      .array(newArm, { error: 'must be a list of arms' })
      .max(8, 'has more than 8 arms')
      .optional()
      .describe('left out, each is the provider of its name'),
    policy: members.record('left out, the plan of the first split for these arms'),
    reason,
  }),
  refusals: [409],
};

const hours = judged<number | null>(
  (value) =>
    value === null || (Number.isInteger(value) && Number(value) >= 0) ? null : 'must be whole hours, or null',
  {
    type: ['integer', 'null'],
    description: 'how long its events keep where images lie; 0 is not at all, null as SLUICE_EVENT_IMAGE_HOURS says',
  },
).optional();

const change = {
  ...ok(answers.splitChanged, 'As it is now; ETag = the version of the registry'),
  ifMatch: 'required',
  versionAt: '/api/splits',
  body: onlyFields({
    slug: members.text('what it is called from now on'),
    ...named,
    quota: quotaShape.optional().describe('what may be spent on its jobs; what it leaves out is not limited'),
    image_hours: hours,
    archived: members.yesOrNo('out of use; only a split at rest can be'),
    reason,
  }),
  refusals: [409],
} as const;

const archive = { ...change, body: undefined, query: members.reasonInQuery } as const;

/** Which splits there are. If-Match is the version of the registry. */
export const splitRoutes = [
  guarded(
    'GET /api/splits',
    'viewer',
    'Every split, where it stands',
    ok(answers.splits),
    async ({ actor }, planes) => {
      const list = await planes.controlPlane().splits.read(actor);
      return json(200, list, { etag: versionTag(list.version) });
    },
  ),
  open(
    'GET /api/splits/stream',
    'viewer',
    'Server-sent events: `splits`, `still`, `trouble`',
    eventsOf('Server-sent events; `splits` has the body of GET /api/splits'),
    (arriving, { controlPlane }) => controlPlane().stream(arriving, async () => null),
  ),
  guarded(
    'POST /api/splits',
    'admin',
    'A new split with its arms, its policy and its weights',
    create,
    async (call, planes) => {
      const { controls } = planes.controlPlane();
      const { is_default: isDefault, baseline, candidates, arms = [], reason: why, kind, ...rest } = call.body;
      const asked = {
        ...{ ...rest, kind: kind as SplitEntry['kind'], isDefault },
        ...armsOf(baseline, candidates, arms),
      };
      const made = await controls.registry.newSplit(asked, { actor: call.actor.name, reason: why });
      return json(201, made, { etag: versionTag(made.version) });
    },
  ),
  guarded(
    'PUT /api/splits/{slug}',
    'admin',
    'What it is called, what comes to it, and whether it is in use; what is left out stays',
    change,
    async ({ arriving, body, version, actor }, planes) => {
      const { is_default: isDefault, image_hours: imageHours, reason: why, ...rest } = body;
      const by = { actor: actor.name, reason: why, expectedVersion: version };
      return changeSplit(planes, arriving.path, { ...rest, isDefault, imageHours }, by);
    },
  ),
  guarded(
    'GET /api/splits/{slug}/quota',
    'viewer',
    'What its jobs of today come to, of all callers together, and what they may',
    ok(splitQuota),
    async ({ arriving }, planes) => {
      const { facts } = await splitAt(arriving.path, planes.controlPlane().controls);
      const spent = await planes.access().spending.ofSplit(facts.split);
      return json(200, { split: partOf(arriving.path, 3), ...spent });
    },
  ),
  guarded('DELETE /api/splits/{slug}', 'admin', 'Archive it; it must be at rest', archive, (call, planes) => {
    const by = { actor: call.actor.name, reason: call.query.reason, expectedVersion: call.version };
    return changeSplit(planes, call.arriving.path, { archived: true }, by);
  }),
];

async function changeSplit(
  { controlPlane }: Planes,
  path: string,
  change: SplitChange,
  by: RegistryWrite,
): Promise<Outgoing> {
  const { controls } = controlPlane();
  const control = await splitAt(path, controls);
  const registryVersion = await controls.registry.changeSplit(control.facts.split, change, by);
  const { split } = await entryOf(controls, control.facts.split);
  const { key, slug, kind, label, match, quota = {}, imageHours = null, isDefault, archived } = split;
  const now = {
    key,
    slug,
    kind,
    label,
    match,
    quota,
    image_hours: imageHours,
    is_default: isDefault,
    archived,
    registry_version: registryVersion,
  };
  return json(200, now, { etag: versionTag(registryVersion) });
}

type Arm = z.output<typeof newArm>;

/** An arm that is not described is the provider of its name; one that is described must be in the plan. */
function armsOf(baseline: string, candidates: readonly string[], described: readonly Arm[]) {
  const names = [baseline, ...candidates];
  const stranger = described.findIndex(({ name }, at) => {
    return !names.includes(name) || described.findIndex((other) => other.name === name) < at;
  });
  if (stranger >= 0) {
    const rule = 'must name the baseline or a candidate, each once';
    throw fieldFault('body-invalid', `/arms/${stranger}/name`, rule);
  }
  const entry = (name: string) => armEntry(name, described.find((one) => one.name === name) ?? { provider: name });
  return { baseline: entry(baseline), candidates: candidates.map(entry) };
}
