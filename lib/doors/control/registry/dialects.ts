import * as answers from '@/lib/api/answers/registry';
import { ok } from '@/lib/doors/route';
import { onlyFields, reason } from '@/lib/http/body/read-fields';
import { versionTag } from '@/lib/http/if-match';
import { partOf } from '@/lib/http/part-of-path';
import { json } from '@/lib/http/respond';
import { excerpt } from '@/lib/kernel/excerpt';
import { Refusal } from '@/lib/kernel/refusal';
import { wantedDialect } from '@/lib/registry/dialects/wanted-dialect';
import type { Registry } from '@/lib/registry/registry';
import { allDialects } from '@/lib/relay/dialects/all-dialects';
import { guarded } from '../guarded';
import * as members from './members';

const put = {
  ...ok(answers.dialectChanged, 'As it is now; ETag = the version of the registry'),
  ifMatch: 'optional',
  body: onlyFields({ rules: members.wholeRecord('as GET answers those that ship'), reason }),
  refusals: [409],
} as const;

const nameIn = (path: string) => partOf(path, 3);

/** What tells relays which requests begin jobs. If-Match is the version of the registry. */
export const dialectRoutes = [
  guarded(
    'GET /api/dialects',
    'viewer',
    'Dialects of relays: those that ship, and your own',
    ok(answers.dialects),
    async (_, planes) => {
      const registry = await planes.controlPlane().controls.registry.read();
      const { version } = registry;
      return json(200, { version, dialects: allDialects(registry) }, { etag: versionTag(version) });
    },
  ),
  guarded(
    'GET /api/dialects/{name}',
    'viewer',
    'One dialect, with its rules',
    ok(answers.dialect, 'ETag = the version of the registry'),
    async ({ arriving: { path } }, planes) => {
      const registry = await planes.controlPlane().controls.registry.read();
      return json(200, named(registry, nameIn(path)), { etag: versionTag(registry.version) });
    },
  ),
  guarded(
    'PUT /api/dialects/{name}',
    'admin',
    'Add a dialect of your own or change one; relays speak it at once',
    put,
    async ({ arriving: { path }, body: { reason: why, rules }, version, actor }, planes) => {
      const { registry } = planes.controlPlane().controls;
      const dialect = wantedDialect(nameIn(path), rules);
      const by = { actor: actor.name, reason: why, expectedVersion: version };
      const registryVersion = await registry.putDialect(dialect, by);
      const answer = { ...named(await registry.read(), dialect.name), registry_version: registryVersion };
      return json(200, answer, { etag: versionTag(registryVersion) });
    },
  ),
  guarded(
    'DELETE /api/dialects/{name}',
    'admin',
    'Remove a dialect that no provider speaks',
    members.removing,
    async ({ arriving: { path }, query, version, actor }, planes) => {
      const by = { actor: actor.name, reason: query.reason, expectedVersion: version };
      const registryVersion = await planes.controlPlane().controls.registry.removeDialect(nameIn(path), by);
      const answer = { removed: nameIn(path), registry_version: registryVersion };
      return json(200, answer, { etag: versionTag(registryVersion) });
    },
  ),
];

function named(registry: Registry, name: string) {
  const found = allDialects(registry).find((one) => one.name === name);
  if (found === undefined) throw new Refusal('no-such-dialect', `There is no dialect "${excerpt(name)}".`);
  return found;
}
