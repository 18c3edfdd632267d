import { renameSync } from 'node:fs';
import { keyVariable } from '@/lib/config/provider-keys';
import { secretKeyBytes, secretKeyFault } from '@/lib/config/secret-key';
import { Refusal } from '@/lib/kernel/refusal';
import type { Access } from '@/lib/process/build-access';
import { type KeySource, keySource, retireKeys, rotateSecret, setKey } from '@/lib/registry/keys/stored-keys';
import { surroundings } from '../../../known-database';
import { simulates } from '../../../start/plan';
import { writeSecret } from '../../../start/secret-file';
import { askSecret } from '../../ask-secret';
import { type Command, type Invocation, UsageError, verbOf } from '../../command';
import { withAccess } from '../../open-access';
import { secretKeyHere } from '../../secret-key-here';
import { tableLines } from '../../texts/table-lines';

type Verb = (call: Invocation, access: Access) => Promise<void>;

const set: Verb = async (call, { keys }) => {
  const [, provider, onLine] = call.positionals;
  if (provider === undefined) throw usage();
  if (onLine !== undefined) {
    throw new UsageError(
      'No key was stored: a key on the command line stands in the shell history and in the list of processes. ' +
        `Make a new key at the provider, and give it when asked: sluice keys set ${provider}`,
    );
  }
  const secretKey = secretKeyHere(call);
  call.nameDatabase();
  if ('whyNot' in secretKey) throw new Refusal('secret-key-missing', `No key was stored: ${secretKey.whyNot}.`);
  const key = await askSecret(`Key of ${provider} (it is not shown): `);
  const stored = await setKey(keys, secretKey, { provider, key }, call.actor);
  const ends = stored.hint === '' ? '' : `, ending in ${stored.hint}`;
  call.answer(stored, [
    `Key version ${stored.version} of ${provider} is stored${ends}. Every web process uses it at once, or within two seconds where notifications are lost.`,
    ...(simulates(surroundings().env) && !(await isRelay(call, provider))
      ? ['Where npm start simulates providers, it takes the key when it starts again.']
      : []),
    ...(stored.version === 1 ? [] : [`The older ones go on serving until: sluice keys retire ${provider}`]),
  ]);
};

/** What leads to an address of its own is never simulated. */
async function isRelay(call: Invocation, provider: string): Promise<boolean> {
  const { providers } = await (await call.controls()).registry.read();
  return providers.some(({ name, adapter }) => name === provider && adapter === 'relay');
}

const list: Verb = async (call, { keys }) => {
  const rows = await keys.list();
  const { env } = surroundings();
  const environment = (provider: string) => env.providerKeys[keyVariable(provider)] ?? null;
  const facts = { rows, secretKey: secretKeyHere(call), environment, variableOf: keyVariable };
  const providers = (await keys.providers()).map((provider) => ({
    ...{ provider, source: keySource(provider, facts) },
    keys: rows.filter((row) => row.provider === provider).map(({ provider: _, ...row }) => row),
  }));
  const lines = providers.flatMap(({ provider, source, keys: own }) => [
    [provider, sourceText(source), '', '', '', ''],
    ...own.map((row) => [
      ...['', row.retired_at === null ? 'stored' : `retired ${row.retired_at}`, String(row.version)],
      ...[row.hint === '' ? '' : `…${row.hint}`, row.created_at, row.created_by],
    ]),
  ]);
  call.answer({ providers }, tableLines(['provider', 'key', 'version', 'ends', 'since', 'by'], lines));
};

const retire: Verb = async (call, { keys }) => {
  const [, provider, given] = call.positionals;
  if (provider === undefined || (given !== undefined && !/^[1-9]\d{0,8}$/.test(given))) throw usage();
  const version = given === undefined ? null : Number(given);
  const which = version === null ? 'every key that is older than the newest' : `key ${version}`;
  await call.confirm(`Retire ${which} of ${provider}?`);
  const retired = await retireKeys(keys, provider, version, call.actor);
  call.answer({ provider, retired }, [
    `Retired of ${provider}: ${retired.join(', ')}. No call is signed with it any more.`,
  ]);
};

const rotate: Verb = async (call, { keys }) => {
  const old = secretKeyHere(call);
  if ('whyNot' in old) throw new Refusal('secret-key-missing', `Nothing was sealed anew: ${old.whyNot}.`);
  await call.confirm('Seal every stored key with another SLUICE_SECRET_KEY?');
  const given = process.env.SLUICE_NEW_SECRET_KEY ?? (await askSecret('New SLUICE_SECRET_KEY (it is not shown): '));
  const text = given.trim();
  const fault = secretKeyFault(text);
  if (fault !== null) throw new UsageError(`Nothing was sealed anew: the new SLUICE_SECRET_KEY ${fault}.`);
  const isFile = old.from !== 'SLUICE_SECRET_KEY';
  if (isFile) writeSecret(`${old.from}.next`, text);
  const count = await rotateSecret(keys, old.secret, secretKeyBytes(text), call.actor);
  if (isFile) renameSync(`${old.from}.next`, old.from);
  const todo = isFile
    ? `${old.from} holds the new one. Start Sluice again, and keep a copy.`
    : 'Now set SLUICE_SECRET_KEY to the new one for every process and command, and start them again.';
  call.answer({ sealed: count }, [
    `${count} ${count === 1 ? 'key is' : 'keys are'} sealed with the new SLUICE_SECRET_KEY. ${todo}`,
    'Processes that run go on with the keys they hold; one that starts with the old secret reads none of these.',
  ]);
};

const verbs: Readonly<Record<string, Verb>> = { set, list, retire, 'rotate-secret': rotate };

export const keys: Command = {
  summary: 'the keys that providers are called with: store, list, retire, seal with another secret',
  writes: 'at once',
  usage: 'keys set PROVIDER | list | retire PROVIDER [VERSION] | rotate-secret',
  notes: [
    'set asks for the key, or reads it from stdin; a key is never an argument. It is stored sealed with SLUICE_SECRET_KEY.',
    'retire without VERSION retires every key but the newest.',
    'rotate-secret takes the new secret from SLUICE_NEW_SECRET_KEY, else it asks, else it reads stdin.',
  ],
  positionals: [1, 3],
  async run(call) {
    const verb = verbOf(verbs, call, keys.usage);
    await withAccess(call, (access) => verb(call, access));
    return undefined;
  },
};

function sourceText(source: KeySource): string {
  if (source.kind === 'stored') return `stored, version ${source.version}`;
  return source.kind === 'environment' ? `environment, ${source.variable}` : `none (${source.variable} is not set)`;
}

const usage = () => new UsageError(`Usage: sluice ${keys.usage}`);
