import { parseDuration } from '@/lib/kernel/duration';
import type { Access } from '@/lib/process/build-access';
import type { CallerRow } from '@/lib/registry/callers/caller-store';
import { addCaller, type IssuedKey, revokeCaller, rotateCaller } from '@/lib/registry/callers/callers';
import { type Command, type Invocation, integerOption, textOption, UsageError } from '../../command';
import { withAccess } from '../../open-access';
import { tableLines } from '../../table-lines';

type Verb = (call: Invocation, access: Access) => Promise<void>;

const add: Verb = async (call, { callers: store }) => {
  const { values } = call;
  const given = values.prefix;
  const wanted = {
    name: nameOf(call),
    scopes: (textOption(values, 'scopes') ?? 'generate').split(',').map((scope) => scope.trim()),
    prefixes: Array.isArray(given) ? given.map(String) : [],
    ratePerMinute: values.rate === undefined ? null : integerOption(values, 'rate', 0),
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
    [caller.name, caller.scopes.join(','), limitsOf(caller), '', '', caller.created_by],
    ...caller.keys.map((key) => ['', '', '', String(key.id), `…${key.hint ?? ''} ${validity(key)}`, key.created_by]),
  ]);
  const header = ['caller', 'scopes', 'limits', 'key', 'valid', 'by'];
  call.answer({ callers: rows }, rows.length === 0 ? ['No callers are stored.'] : tableLines(header, lines));
};

const revoke: Verb = async (call, { callers: store }) => {
  const name = nameOf(call);
  const id = call.values.key === undefined ? null : integerOption(call.values, 'key', 0);
  await call.confirm(id === null ? `Revoke every key of ${name}?` : `Revoke key ${id} of ${name}?`);
  const revoked = await revokeCaller(store, name, id, call.actor);
  const which = revoked.length === 1 ? `Key ${revoked[0]}` : `Keys ${revoked.join(', ')}`;
  call.answer({ name, revoked }, [`${which} of ${name}: no web process takes it any more, within two seconds.`]);
};

const verbs: Readonly<Record<string, Verb>> = { add, list, revoke, rotate };

export const callers: Command = {
  summary: 'who may send requests: add, list, revoke, another key',
  writes: 'at once',
  usage:
    'callers add NAME [--scopes generate,…] [--prefix /PREFIX]… [--rate N] [--expires 90d] | list | ' +
    'rotate NAME [--expires 90d] | revoke NAME [--key ID]',
  notes: [
    'Scopes: generate, relay, assign, events, metrics, events:foreign, events:backfill; left out: generate.',
    'A key is shown once; only a digest of it is kept. --rate counts requests and images a minute, in each web process.',
  ],
  options: {
    scopes: { type: 'string' },
    prefix: { type: 'string', multiple: true },
    rate: { type: 'string' },
    expires: { type: 'string' },
    key: { type: 'string' },
  },
  positionals: [1, 2],
  async run(call) {
    const verb = Object.hasOwn(verbs, call.positionals[0] ?? '') ? verbs[call.positionals[0] ?? ''] : undefined;
    if (!verb) throw usage();
    await withAccess(call, (access) => verb(call, access));
    return undefined;
  },
};

function tellKey(call: Invocation, issued: IssuedKey, what: string): void {
  call.answer(issued, [`${what}. Key ${issued.id} is shown this once:`, issued.key]);
}

function limitsOf({ rate_per_minute, prefixes }: CallerRow): string {
  const rate = rate_per_minute === null ? [] : [`${rate_per_minute}/min`];
  return [...rate, ...prefixes].join(' ');
}

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
