import * as answers from '@/lib/api/answers/registry';
import { ok } from '@/lib/doors/route';
import { onlyFields, reason, shortText } from '@/lib/http/body/read-fields';
import { versionTag } from '@/lib/http/if-match';
import { partOf } from '@/lib/http/part-of-path';
import { json } from '@/lib/http/respond';
import { excerpt } from '@/lib/kernel/excerpt';
import { Refusal } from '@/lib/kernel/refusal';
import { guarded } from '../guarded';
import { modelView } from './entries';
import * as members from './members';

const put = {
  ...ok(answers.modelChanged, 'As it is now; ETag = the version of the registry'),
  ifMatch: 'optional',
  body: onlyFields({
    provider_model: shortText('its name at the provider'),
    price: members.record('what it costs there; left out, it is not known'),
    params: members.record('our parameters to what each is called there; left out, the usual ones'),
    fixed: members.record("sent with every request, in the provider's own words"),
    lossy: members.lossy,
    enabled: members.enabled,
    source: members.sourceText,
    reason,
  }),
  refusals: [409],
} as const;

/** An alias may hold "/", which is %2F in a path. */
const idIn = (path: string) => ({ provider: partOf(path, 3), alias: partOf(path, 4) });

/** What an alias that callers write is called at each provider. If-Match is the version of the registry. */
export const modelRoutes = [
  guarded('GET /api/models', 'viewer', 'Aliases of models', ok(answers.models), async (_, { controlPlane }) => {
    const { version, models } = await controlPlane().controls.registry.read();
    return json(200, { version, models: models.map(modelView) }, { etag: versionTag(version) });
  }),
  guarded(
    'GET /api/models/{provider}/{alias}',
    'viewer',
    'One alias at one provider',
    ok(answers.model, 'ETag = the version of the registry'),
    async ({ arriving: { path } }, { controlPlane }) => {
      const { version, models } = await controlPlane().controls.registry.read();
      const { provider, alias } = idIn(path);
      const model = models.find((one) => one.alias === alias && one.provider === provider);
      if (model === undefined)
        throw new Refusal('no-such-model', `Provider "${excerpt(provider)}" has no model "${excerpt(alias)}".`);
      return json(200, modelView(model), { etag: versionTag(version) });
    },
  ),
  guarded(
    'PUT /api/models/{provider}/{alias}',
    'admin',
    'Say what an alias is at a provider',
    put,
    async ({ arriving: { path }, body, version, actor }, { controlPlane }) => {
      const { provider_model: providerModel, price = {}, params = {}, fixed = {} } = body;
      const { lossy, enabled, source } = body;
      const model = { ...idIn(path), providerModel, price, params, fixed, lossy, enabled, source, shipped: false };
      const by = { actor: actor.name, reason: body.reason, expectedVersion: version };
      const registryVersion = await controlPlane().controls.registry.putModel(model, by);
      const answer = { ...modelView(model), registry_version: registryVersion };
      return json(200, answer, { etag: versionTag(registryVersion) });
    },
  ),
  guarded(
    'DELETE /api/models/{provider}/{alias}',
    'admin',
    'Forget an alias at a provider',
    members.removing,
    async ({ arriving: { path }, query, version, actor }, { controlPlane }) => {
      const { provider, alias } = idIn(path);
      const by = { actor: actor.name, reason: query.reason, expectedVersion: version };
      const registryVersion = await controlPlane().controls.registry.removeModel(alias, provider, by);
      const answer = { removed: alias, registry_version: registryVersion };
      return json(200, answer, { etag: versionTag(registryVersion) });
    },
  ),
];
