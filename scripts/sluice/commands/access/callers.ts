import { durationText, parseDuration } from '@/lib/kernel/duration';
import { excerpt } from '@/lib/kernel/excerpt';
import { Refusal } from '@/lib/kernel/refusal';
import type { Access } from '@/lib/process/build-access';
import type { CallerRights } from '@/lib/registry/callers/caller-faults';
import type { CallerRow } from '@/lib/registry/callers/caller-store';
import { addCaller, changeCaller, type IssuedKey, revokeCaller, rotateCaller } from '@/lib/registry/callers/callers';
import { issueWebhookSecret, usualOverlapSeconds } from '@/lib/registry/callers/webhook-secrets';
import { type Command, type Invocation, integerOption, textOption, UsageError, verbOf } from '../../command';
import { withAccess } from '../../open-access';
import { capsText, quotaOf, quotaOptions, quotaUsage, spendingLines, spendingText } from '../../texts/quota-text';
import { tableLines } from '../../texts/table-lines';

type Verb = (call: Invocation, access: Access) => Promise<void>;

const add: Verb = async (call, { callers: store }) => {
  const { values } = call;
  const wanted = {
    name: nameOf(call),
    scopes: namesOf(textOption(values, 'scopes') ?? 'generate'),
    prefixes: textsOf(values.prefix),
    models: textsOf(values.model),
    ratePerMinute: values.rate === undefined ? null : integerOption(values, 'rate', 0),
    quota: quotaOf(call),
    validSeconds: secondsOf(call),
  };
  call.nameDatabase();
  tellKey(call, await addCaller(store, wanted, call.actor), `${wanted.name} may ${wanted.scopes.join(', ')}`);
};

const rotate: Verb = async (call, { callers: store }) => {
  const validSeconds = secondsOf(call);
  call.nameDatabase();
  const issued = await rotateCaller(store, nameOf(call), validSeconds, call.actor);
  tellKey(call, issued, `${issued.name} has another key, and the older ones work until they are revoked`);
};

const list: Verb = async (call, { callers: store }) => {
  const rows = await store.list();
  const lines = rows.flatMap((caller) => [
    [caller.name, caller.scopes.join(','), limitsOf(caller), jobsOf(caller), '', '', caller.created_by],
    ...caller.keys.map((key) => [
      '',
      '',
      '',
      '',
      String(key.id),
      `…${key.hint ?? ''} ${validity(key)}`,
      key.created_by,
    ]),
  ]);
  const header = ['caller', 'scopes', 'limits', 'jobs today', 'key', 'valid', 'by'];
  call.answer({ callers: rows }, rows.length === 0 ? ['No callers are stored.'] : tableLines(header, lines));
};

const show: Verb = async (call, { callers: store }) => {
  const caller = (await store.list()).find(({ name }) => name === nameOf(call));
  if (caller === undefined) throw new Refusal('no-such-caller', `There is no caller ${excerpt(nameOf(call))}.`);
  const keys = caller.keys.map((key) => `key ${key.id}         …${key.hint ?? ''} ${validity(key)}`);
  call.answer(caller, [
    `${caller.name} may ${caller.scopes.join(', ')} ${limitsOf(caller)}`.trimEnd(),
    ...spendingLines(caller.quota, caller.today),
    ...keys,
  ]);
};

const limit: Verb = async (call, { callers: store }) => {
  const name = nameOf(call);
  const quota = quotaOf(call);
  await call.confirm(`Limit the jobs of ${name} so: ${capsText(quota)}?`);
  await changeCaller(store, name, { quota }, call.actor);
  call.answer({ name, quota }, [`Jobs of ${name}: ${capsText(quota)}, from now on.`]);
};

const allow: Verb = async (call, { callers: store }) => {
  const name = nameOf(call);
  const change = rightsOf(call);
  const what = rightsText(change);
  await call.confirm(`Let ${name} ${what}?`);
  await changeCaller(store, name, change, call.actor);
  call.answer({ name, ...wireOf(change) }, [`${name} may ${what}, from now on.`]);
};

const revoke: Verb = async (call, { callers: store }) => {
  const name = nameOf(call);
  const id = call.values.key === undefined ? null : integerOption(call.values, 'key', 0);
  await call.confirm(id === null ? `Revoke every key of ${name}?` : `Revoke key ${id} of ${name}?`);
  const revoked = await revokeCaller(store, name, id, call.actor);
  const which = revoked.length === 1 ? `Key ${revoked[0]}` : `Keys ${revoked.join(', ')}`;
  call.answer({ name, revoked }, [
    `${which} of ${name}: no web process takes it any more: at once, or within two seconds where notifications are lost.`,
  ]);
};

const webhookSecret: Verb = async (call, { webhookSecrets }) => {
  const caller = nameOf(call);
  const text = textOption(call.values, 'overlap');
  const overlapSeconds = text === null ? usualOverlapSeconds : parseDuration(text);
  if (overlapSeconds === null) throw new UsageError(`--overlap is "${text}"; it must be a time such as 24h, or 0s.`);
  call.nameDatabase();
  const issued = await issueWebhookSecret(webhookSecrets, { caller, overlapSeconds }, call.actor);
  const along = issued.replaced > 0 ? `; the one before signs along for ${durationText(overlapSeconds)}` : '';
  call.answer(issued, [`The webhooks of ${caller} are signed with this, shown this once${along}:`, issued.secret]);
};

const verbs: Readonly<Record<string, Verb>> = {
  add,
  allow,
  limit,
  list,
  revoke,
  rotate,
  show,
  'webhook-secret': webhookSecret,
};

export const callers: Command = {
  summary:
    'who may send requests, for what and for how much: add, list, show, allow, limit, revoke, another key; webhook secrets',
  writes: 'at once',
  usage:
    'callers add NAME [--scopes generate,…] [--prefix /PREFIX]… [--model GLOB]… [--rate N] [--expires 90d] [caps] | list | show NAME | ' +
    'allow NAME [--scopes generate,…] [--prefix /PREFIX]… [--model GLOB]… [--rate N] | limit NAME [caps] | ' +
    'rotate NAME [--expires 90d] | revoke NAME [--key ID] | webhook-secret NAME [--overlap 24h]',
  notes: [
    'Scopes: generate, relay, assign, events, metrics, events:foreign, events:backfill; left out: generate.',
    'A key is shown once; only a digest of it is kept. --rate counts requests and images a minute, in each web process.',
    '--model names what may be asked for, such as flux-*; left out of add, every model.',
    'allow changes what it names, and all of that at once: --model every, --prefix every and --rate none take a limit away.',
    'With nothing named, allow lets it ask for every model.',
    `Caps of jobs: ${quotaUsage}, by days of UTC; what is left out is not limited.`,
    'webhook-secret makes what signs the webhooks of NAME, also of env-… and anyone; two sign while one replaces the other.',
  ],
  options: {
    ...quotaOptions,
    scopes: { type: 'string' },
    prefix: { type: 'string', multiple: true },
    model: { type: 'string', multiple: true },
    rate: { type: 'string' },
    expires: { type: 'string' },
    key: { type: 'string' },
    overlap: { type: 'string' },
  },
  positionals: [1, 2],
  async run(call) {
    const verb = verbOf(verbs, call, callers.usage);
    await withAccess(call, (access) => verb(call, access));
    return undefined;
  },
};

function tellKey(call: Invocation, issued: IssuedKey, what: string): void {
  call.answer(issued, [`${what}. Key ${issued.id} is shown this once:`, issued.key]);
}

function limitsOf({ rate_per_minute, prefixes, models }: CallerRow): string {
  const rate = rate_per_minute === null ? [] : [`${rate_per_minute}/min`];
  return [...rate, ...prefixes, ...models].join(' ');
}

/** What `allow` names; with nothing named, every model. */
function rightsOf({ values }: Invocation): Partial<CallerRights> {
  const scopes = textOption(values, 'scopes');
  const limits = {
    ...(values.prefix === undefined ? {} : { prefixes: unlessEvery(values.prefix) }),
    ...(values.model === undefined ? {} : { models: unlessEvery(values.model) }),
    ...(values.rate === undefined
      ? {}
      : { ratePerMinute: values.rate === 'none' ? null : integerOption(values, 'rate', 0) }),
  };
  const rights = { ...(scopes === null ? {} : { scopes: namesOf(scopes) }), ...limits };
  return Object.keys(rights).length === 0 ? { models: [] } : rights;
}

function unlessEvery(given: unknown): readonly string[] {
  const named = textsOf(given);
  return named.length === 1 && named[0] === 'every' ? [] : named;
}

function rightsText({ scopes, prefixes, models, ratePerMinute }: Partial<CallerRights>): string {
  return [
    ...(scopes === undefined ? [] : [`do ${scopes.join(', ')}`]),
    ...(prefixes === undefined ? [] : [`relay by ${prefixes.join(', ') || 'every prefix'}`]),
    ...(models === undefined ? [] : [`ask for ${models.join(', ') || 'every model'}`]),
    ...(ratePerMinute === undefined ? [] : [`send ${ratePerMinute ?? 'any number of'} requests a minute`]),
  ].join(', ');
}

const wireOf = ({ ratePerMinute, ...same }: Partial<CallerRights>) => ({
  ...same,
  ...(ratePerMinute === undefined ? {} : { rate_per_minute: ratePerMinute }),
});

const namesOf = (text: string): readonly string[] => text.split(',').map((name) => name.trim());

const textsOf = (given: unknown): readonly string[] => (Array.isArray(given) ? given.map(String) : []);

const jobsOf = ({ quota, today }: CallerRow) => spendingText(quota, today);

function validity({ revoked_at, expires_at }: CallerRow['keys'][number]): string {
  if (revoked_at !== null) return `revoked ${revoked_at}`;
  return expires_at === null ? 'no end' : `until ${expires_at}`;
}

function secondsOf(call: Invocation): number | null {
  const text = textOption(call.values, 'expires');
  const seconds = text === null ? null : parseDuration(text);
  if (text === null || seconds !== null) return seconds;
  throw new UsageError(`--expires is "${text}"; it must be a time such as 90d or 12h.`);
}

function nameOf(call: Invocation): string {
  const name = call.positionals[1];
  if (name === undefined) throw usage();
  return name;
}

const usage = () => new UsageError(`Usage: sluice ${callers.usage}`);
