import * as answers from '@/lib/api/answers/access';
import { keyVariable } from '@/lib/config/provider-keys';
import { jsonOf, ok } from '@/lib/doors/route';
import { fields, judged } from '@/lib/http/body/read-fields';
import { partOf } from '@/lib/http/part-of-path';
import { Problem } from '@/lib/http/problem';
import { json } from '@/lib/http/respond';
import { excerpt } from '@/lib/kernel/excerpt';
import { keySource, setKey } from '@/lib/registry/keys/stored-keys';
import { guarded } from '../guarded';

const longestKey = 8192;
// Its sentences never show what was given.
const newKey = fields({
  key: judged<string>(
    (value) => (typeof value === 'string' && value.length <= longestKey ? null : 'must be the key, as text'),
    { type: 'string', writeOnly: true, minLength: 1 },
  ),
});

/** `/api/providers/fal/keys` → `fal` */
const providerIn = (path: string) => partOf(path, 3);

/** The keys that providers are called with: written here, and never read back. */
export const keyRoutes = [
  guarded(
    'GET /api/providers/{name}/keys',
    'admin',
    'The stored keys of a provider, without the keys, and where the one in use comes from',
    ok(answers.providerKeys),
    async ({ arriving }, { access }) => {
      const provider = providerIn(arriving.path);
      const { keys, secretKey, environmentKey } = access();
      const [known, rows] = await Promise.all([keys.providers(), keys.list()]);
      if (!known.includes(provider)) {
        throw new Problem(404, 'no-such-provider', `There is no provider ${excerpt(provider)}.`);
      }
      const facts = { rows, secretKey, environment: environmentKey, variableOf: keyVariable };
      const own = rows.filter((row) => row.provider === provider).map(({ provider: _, ...row }) => row);
      return json(200, { provider, source: keySource(provider, facts), keys: own });
    },
  ),
  guarded(
    'POST /api/providers/{name}/keys',
    'admin',
    'Store a key of a provider; it is used at once',
    { body: newKey, answers: { 201: jsonOf(answers.providerKeyStored, 'Stored, sealed') }, refusals: [409] },
    async ({ arriving, body: { key }, actor }, { access, runtime }) => {
      const { keys, secretKey } = access();
      const stored = await setKey(keys, secretKey, { provider: providerIn(arriving.path), key }, actor.name);
      runtime().log.info({ actor: actor.name, provider: stored.provider, version: stored.version }, 'a key was stored');
      return json(201, { ...stored });
    },
  ),
];
