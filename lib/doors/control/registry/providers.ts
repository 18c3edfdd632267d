import * as answers from '@/lib/api/answers/registry';
import { ok } from '@/lib/doors/route';
import { onlyFields, reason } from '@/lib/http/body/read-fields';
import { versionTag } from '@/lib/http/if-match';
import { partOf } from '@/lib/http/part-of-path';
import { json } from '@/lib/http/respond';
import { dropUndefined } from '@/lib/kernel/drop-undefined';
import { excerpt } from '@/lib/kernel/excerpt';
import { Refusal } from '@/lib/kernel/refusal';
import { adapterChoice } from '@/lib/registry/adapter-names';
import type { ProviderEntry, Registry } from '@/lib/registry/registry';
import { guarded } from '../guarded';
import { providerView } from './entries';
import * as members from './members';

const put = {
  ...ok(answers.providerChanged, 'As it is now; ETag = the version of the registry'),
  ifMatch: 'optional',
  body: onlyFields({
    adapter: members.textOrNull(`${adapterChoice}; null: nothing is sent there`),
    label: members.text('what people read'),
    base_url: members.textOrNull('an origin such as https://api.example.com; null: the usual one of its adapter'),
    options: members.record('of its adapter'),
    state: members.text('active, draining or off'),
    deprecated: members.yesOrNo('people are told to leave it'),
    reason,
  }),
  refusals: [409],
} as const;

const nameIn = (path: string) => partOf(path, 3);

/** Whom arms send to, without their keys. If-Match is the version of the registry. */
export const providerRoutes = [
  guarded('GET /api/providers', 'viewer', 'Providers, without their keys', ok(answers.providers), async (_, planes) => {
    const registry = await planes.controlPlane().controls.registry.read();
    const { version, providers } = registry;
    const list = providers.map((each) => providerView(each, registry));
    return json(200, { version, providers: list }, { etag: versionTag(version) });
  }),
  guarded(
    'GET /api/providers/{name}',
    'viewer',
    'One provider',
    ok(answers.provider, 'ETag = the version of the registry'),
    async ({ arriving: { path } }, planes) => {
      const registry = await planes.controlPlane().controls.registry.read();
      const provider = named(registry, nameIn(path));
      if (provider === undefined)
        throw new Refusal('no-such-provider', `There is no provider "${excerpt(nameIn(path))}".`);
      return json(200, providerView(provider, registry), { etag: versionTag(registry.version) });
    },
  ),
  guarded(
    'PUT /api/providers/{name}',
    'admin',
    'Add a provider or change one; what is left out stays',
    put,
    async ({ arriving: { path }, body: { reason: why, base_url, state, ...body }, version, actor }, planes) => {
      const { registry } = planes.controlPlane().controls;
      const before = await registry.read();
      const name = nameIn(path);
      const given = { ...body, baseUrl: base_url, state: state as ProviderEntry['state'] | undefined };
      const provider = { ...(named(before, name) ?? fresh(name)), ...dropUndefined(given) };
      const by = { actor: actor.name, reason: why, expectedVersion: version };
      const registryVersion = await registry.putProvider(provider, by);
      const answer = { ...providerView(provider, before), registry_version: registryVersion };
      return json(200, answer, { etag: versionTag(registryVersion) });
    },
  ),
  guarded(
    'DELETE /api/providers/{name}',
    'admin',
    'Remove a provider that no arm needs, with its keys and models',
    members.removing,
    async ({ arriving: { path }, query, version, actor }, planes) => {
      const by = { actor: actor.name, reason: query.reason, expectedVersion: version };
      const registryVersion = await planes.controlPlane().controls.registry.removeProvider(nameIn(path), by);
      const answer = { removed: nameIn(path), registry_version: registryVersion };
      return json(200, answer, { etag: versionTag(registryVersion) });
    },
  ),
];

const named = ({ providers }: Pick<Registry, 'providers'>, name: string) => providers.find((one) => one.name === name);

const fresh = (name: string): ProviderEntry => ({
  ...{ name, adapter: null, label: name, baseUrl: null, options: {}, state: 'active', deprecated: false },
});
