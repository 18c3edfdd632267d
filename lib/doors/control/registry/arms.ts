import * as answers from '@/lib/api/answers/registry';
import { refuseStaleSplit } from '@/lib/control/splits/refuse-split';
import { ok } from '@/lib/doors/route';
import { onlyFields, reason } from '@/lib/http/body/read-fields';
import { versionTag } from '@/lib/http/if-match';
import { json } from '@/lib/http/respond';
import { excerpt } from '@/lib/kernel/excerpt';
import { Refusal } from '@/lib/kernel/refusal';
import { guarded } from '../guarded';
import { slugPlace } from '../place';
import { armEntry, armView, entryOf } from './entries';
import * as members from './members';

const put = {
  ...ok(answers.armChanged),
  ifMatch: 'required',
  body: onlyFields({ ...members.arm, reason }),
  refusals: [409],
} as const;
const remove = { ...ok(answers.removed), ifMatch: 'required', query: members.reasonInQuery, refusals: [409] } as const;

const nameIn = (path: string) => members.partOf(path, 5);

/** What a split's weights may name. If-Match is the version of those weights. */
export const armRoutes = [
  guarded('GET /api/splits/{slug}/arms', 'viewer', 'Its arms', ok(answers.arms), async ({ arriving }, planes) => {
    const { control } = await slugPlace.of(arriving.path, planes);
    const split = await entryOf(planes.controlPlane().controls, control.facts.split);
    return json(200, { split: split.slug, arms: split.arms.map(armView) });
  }),
  guarded(
    'GET /api/splits/{slug}/arms/{name}',
    'viewer',
    'One arm',
    ok(answers.arm),
    async ({ arriving: { path } }, planes) => {
      const { control } = await slugPlace.of(path, planes);
      const split = await entryOf(planes.controlPlane().controls, control.facts.split);
      const wanted = nameIn(path);
      const arm = split.arms.find(({ name }) => name === wanted);
      if (arm === undefined)
        throw new Refusal('no-such-arm', `The split "${split.slug}" has no arm "${excerpt(wanted)}".`);
      return json(200, armView(arm));
    },
  ),
  guarded(
    'PUT /api/splits/{slug}/arms/{name}',
    'admin',
    'Add an arm, or change one that serves nothing',
    put,
    async ({ arriving: { path }, body: { reason: why, ...body }, version, actor }, planes) => {
      const { control } = await slugPlace.inUse(path, planes);
      await refuseStaleSplit(control, version);
      const arm = armEntry(nameIn(path), body);
      const { registry } = planes.controlPlane().controls;
      const registryVersion = await registry.putArm(control.facts.split, arm, { actor: actor.name, reason: why });
      return json(200, { ...armView(arm), registry_version: registryVersion }, { etag: versionTag(version) });
    },
  ),
  guarded(
    'DELETE /api/splits/{slug}/arms/{name}',
    'admin',
    'Remove an arm that neither weights nor policy name',
    remove,
    async ({ arriving: { path }, query, version, actor }, planes) => {
      const { control } = await slugPlace.of(path, planes);
      await refuseStaleSplit(control, version);
      const { registry } = planes.controlPlane().controls;
      const by = { actor: actor.name, reason: query.reason };
      const registryVersion = await registry.removeArm(control.facts.split, nameIn(path), by);
      const answer = { removed: nameIn(path), registry_version: registryVersion };
      return json(200, answer, { etag: versionTag(version) });
    },
  ),
];
