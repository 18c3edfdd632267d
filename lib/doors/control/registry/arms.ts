import * as answers from '@/lib/api/answers/registry';
import { ok } from '@/lib/doors/route';
import { onlyFields, reason } from '@/lib/http/body/read-fields';
import { versionTag } from '@/lib/http/if-match';
import { partOf } from '@/lib/http/part-of-path';
import { json } from '@/lib/http/respond';
import { excerpt } from '@/lib/kernel/excerpt';
import { Refusal } from '@/lib/kernel/refusal';
import { guarded } from '../guarded';
import { slugPlace } from '../place';
import { armEntry, armView, entryOf } from './entries';
import * as members from './members';

const written = { ifMatch: 'required', versionAt: '/api/splits/{slug}/arms' } as const;
const put = {
  ...ok(answers.armChanged, 'As it is now; ETag = the version of the registry'),
  ...written,
  body: onlyFields({ ...members.arm, reason }),
  refusals: [409],
} as const;
const remove = { ...ok(answers.removed), ...written, query: members.reasonInQuery, refusals: [409] } as const;

const nameIn = (path: string) => partOf(path, 5);

/** What a split's weights may name. If-Match is the version of the registry. */
export const armRoutes = [
  guarded(
    'GET /api/splits/{slug}/arms',
    'viewer',
    'Its arms',
    ok(answers.arms, 'ETag = the version of the registry'),
    async ({ arriving }, planes) => {
      const { control } = await slugPlace.of(arriving.path, planes);
      const { split, version } = await entryOf(planes.controlPlane().controls, control.facts.split);
      return json(200, { split: split.slug, arms: split.arms.map(armView) }, { etag: versionTag(version) });
    },
  ),
  guarded(
    'GET /api/splits/{slug}/arms/{name}',
    'viewer',
    'One arm',
    ok(answers.arm, 'ETag = the version of the registry'),
    async ({ arriving: { path } }, planes) => {
      const { control } = await slugPlace.of(path, planes);
      const { split, version } = await entryOf(planes.controlPlane().controls, control.facts.split);
      const wanted = nameIn(path);
      const arm = split.arms.find(({ name }) => name === wanted);
      if (arm === undefined)
        throw new Refusal('no-such-arm', `The split "${split.slug}" has no arm "${excerpt(wanted)}".`);
      return json(200, armView(arm), { etag: versionTag(version) });
    },
  ),
  guarded(
    'PUT /api/splits/{slug}/arms/{name}',
    'admin',
    'Add an arm, or change one that serves nothing',
    put,
    async ({ arriving: { path }, body: { reason: why, ...body }, version, actor }, planes) => {
      const { control } = await slugPlace.inUse(path, planes);
      const arm = armEntry(nameIn(path), body);
      const by = { actor: actor.name, reason: why, expectedVersion: version };
      const registryVersion = await planes.controlPlane().controls.registry.putArm(control.facts.split, arm, by);
      return json(200, { ...armView(arm), registry_version: registryVersion }, { etag: versionTag(registryVersion) });
    },
  ),
  guarded(
    'DELETE /api/splits/{slug}/arms/{name}',
    'admin',
    'Remove an arm that neither weights nor policy name',
    remove,
    async ({ arriving: { path }, query, version, actor }, planes) => {
      const { control } = await slugPlace.of(path, planes);
      const { registry } = planes.controlPlane().controls;
      const by = { actor: actor.name, reason: query.reason, expectedVersion: version };
      const registryVersion = await registry.removeArm(control.facts.split, nameIn(path), by);
      const answer = { removed: nameIn(path), registry_version: registryVersion };
      return json(200, answer, { etag: versionTag(registryVersion) });
    },
  ),
];
