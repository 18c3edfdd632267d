import { z } from 'zod';
import * as answers from '@/lib/api/answers/access';
import { scopes } from '@/lib/api/scopes';
import { jsonOf, ok } from '@/lib/doors/route';
import { fields, judged, onlyFields, shortText } from '@/lib/http/body/read-fields';
import { partOf } from '@/lib/http/part-of-path';
import { wholeNumber } from '@/lib/http/read-query';
import { json } from '@/lib/http/respond';
import { dropUndefined } from '@/lib/kernel/drop-undefined';
import { addCaller, changeCaller, revokeCaller, rotateCaller } from '@/lib/registry/callers/callers';
import { quotaShape } from '@/lib/registry/quota';
import { guarded } from '../guarded';

const daySeconds = 86_400;

const texts = (rule: string, described: object) =>
  judged<readonly string[]>(
    (value) =>
      Array.isArray(value) && value.length <= 64 && value.every((one) => typeof one === 'string') ? null : rule,
    { type: 'array', items: { type: 'string', ...described } },
  );
const numberOrNull = (rule: string) =>
  judged<number | null>((value) => (value === null || typeof value === 'number' ? null : rule), {
    type: ['integer', 'null'],
  });

const valid = { valid_days: numberOrNull('must be a number of days, or left out: the key does not expire').optional() };
const newKey = fields(valid);
const newQuota = onlyFields({ quota: quotaShape.describe('what is left out is not limited') });
const models = texts('must be a list of models, by names or globs such as "flux-*"', {}).describe(
  'what it may ask for, by our alias or by the name that a vendor has for it; empty: every model',
);
const newModels = onlyFields({ models });
const prefixes = texts('must be a list of paths such as "/kling"', {}).describe(
  'what it may relay; empty: every relay',
);
const newPrefixes = onlyFields({ prefixes });
const scopesRule = 'must be a list of scopes';
const stays = (what: string) => `${what}; left out: it stays`;
const newRights = onlyFields({
  scopes: texts(scopesRule, { enum: scopes }).optional().describe(stays('what it may do')),
  prefixes: prefixes.optional().describe(stays('what it may relay; empty: every relay')),
  models: models.optional().describe(stays('what it may ask for; empty: every model')),
  rate_per_minute: numberOrNull('must be a number of requests a minute, or null: no limit of its own')
    .optional()
    .describe(stays('how often, in each process; null: no limit of its own')),
  quota: quotaShape.optional().describe(stays('of jobs; empty: not limited')),
});
const newCaller = fields({
  ...valid,
  name: shortText('what events, logs and the journal call it'),
  scopes: texts(scopesRule, { enum: scopes }).default(['generate']),
  prefixes: prefixes.default([]),
  models: models.default([]),
  rate_per_minute: numberOrNull('must be a number of requests a minute, or left out: no limit of its own').optional(),
  quota: quotaShape.optional().describe('of jobs; what is left out is not limited'),
});

/** `/api/callers/shop/keys` → `shop` */
const nameIn = (path: string) => partOf(path, 3);
const secondsOf = (days: number | null) => (days === null ? null : Math.round(days * daySeconds));
const issued = { 201: jsonOf(answers.callerKeyIssued, 'Issued; the key is answered this once') };

/** Who may send requests; a change is known to every web process at once, or within two seconds where notifications are lost. */
export const callerRoutes = [
  guarded('GET /api/callers', 'admin', 'Callers, without their keys', ok(answers.callers), async (_, { access }) =>
    json(200, { callers: await access().callers.list() }),
  ),
  guarded(
    'POST /api/callers',
    'admin',
    'Add a caller; its key is answered this once',
    { body: newCaller, answers: issued, refusals: [409] },
    async ({ body, actor }, { access, runtime }) => {
      const { name, scopes: granted, models: allowed, rate_per_minute: ratePerMinute = null, quota } = body;
      const validSeconds = secondsOf(body.valid_days ?? null);
      const wanted = {
        name,
        scopes: granted,
        prefixes: body.prefixes,
        models: allowed,
        ratePerMinute,
        quota,
        validSeconds,
      };
      const added = await addCaller(access().callers, wanted, actor.name);
      runtime().log.info({ actor: actor.name, caller: name, key: added.id }, 'a caller was added');
      return json(201, { ...added });
    },
  ),
  guarded(
    'POST /api/callers/{name}/keys',
    'admin',
    'Another key of a caller; the older ones work until they are revoked',
    { body: newKey, answers: issued },
    async ({ arriving, body: { valid_days = null }, actor }, { access, runtime }) => {
      const name = nameIn(arriving.path);
      const added = await rotateCaller(access().callers, name, secondsOf(valid_days), actor.name);
      runtime().log.info({ actor: actor.name, caller: name, key: added.id }, 'a caller has another key');
      return json(201, { ...added });
    },
  ),
  guarded(
    'PUT /api/callers/{name}/quota',
    'admin',
    'What a caller may spend on jobs from now on',
    { body: newQuota, ...ok(answers.callerLimited) },
    async ({ arriving, body: { quota }, actor }, { access, runtime }) => {
      const name = nameIn(arriving.path);
      await changeCaller(access().callers, name, { quota }, actor.name);
      runtime().log.info({ actor: actor.name, caller: name, quota }, 'what a caller may spend was changed');
      return json(200, { name, quota });
    },
  ),
  guarded(
    'PUT /api/callers/{name}/models',
    'admin',
    'Which models a caller may ask for from now on',
    { body: newModels, ...ok(answers.callerAllowed) },
    async ({ arriving, body: { models: allowed }, actor }, { access, runtime }) => {
      const name = nameIn(arriving.path);
      await changeCaller(access().callers, name, { models: allowed }, actor.name);
      runtime().log.info({ actor: actor.name, caller: name, models: allowed }, 'what a caller may ask for was changed');
      return json(200, { name, models: allowed });
    },
  ),
  guarded(
    'PUT /api/callers/{name}/prefixes',
    'admin',
    'Which relays a caller may use from now on',
    { body: newPrefixes, ...ok(answers.callerRelays) },
    async ({ arriving, body: { prefixes }, actor }, { access, runtime }) => {
      const name = nameIn(arriving.path);
      await changeCaller(access().callers, name, { prefixes }, actor.name);
      runtime().log.info({ actor: actor.name, caller: name, prefixes }, 'what a caller may relay was changed');
      return json(200, { name, prefixes });
    },
  ),
  guarded(
    'PUT /api/callers/{name}',
    'admin',
    'What a caller may from now on; what is left out stays',
    { body: newRights, ...ok(answers.callerChanged) },
    async ({ arriving, body, actor }, { access, runtime }) => {
      const name = nameIn(arriving.path);
      const { rate_per_minute: ratePerMinute, ...rest } = body;
      await changeCaller(access().callers, name, dropUndefined({ ...rest, ratePerMinute }), actor.name);
      runtime().log.info({ actor: actor.name, caller: name, ...body }, 'what a caller may was changed');
      return json(200, { name, ...body });
    },
  ),
  guarded(
    'DELETE /api/callers/{name}',
    'admin',
    'Revoke every key of a caller, or one; its name stays known, so nobody is let in without a key',
    { ...ok(answers.callerRevoked), query: z.object({ key: wholeNumber([1, 1e15], 'the id of one key') }) },
    async ({ arriving, query, actor }, { access, runtime }) => {
      const name = nameIn(arriving.path);
      const revoked = await revokeCaller(access().callers, name, query.key ?? null, actor.name);
      runtime().log.info({ actor: actor.name, caller: name, keys: revoked }, 'keys of a caller were revoked');
      return json(200, { name, revoked });
    },
  ),
];
