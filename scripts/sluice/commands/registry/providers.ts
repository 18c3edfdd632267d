import { dropUndefined } from '@/lib/kernel/drop-undefined';
import { Refusal } from '@/lib/kernel/refusal';
import { providerAdapters } from '@/lib/registry/adapter-names';
import type { ProviderEntry } from '@/lib/registry/registry';
import { type Command, type Invocation, reasonOption, textOption, UsageError, verbOf, writtenBy } from '../../command';
import { objectOption } from '../../texts/arm-text';
import { tableLines } from '../../texts/table-lines';
import { testProvider } from './provider-test';

type Verb = (call: Invocation) => Promise<void>;

const list: Verb = async (call) => {
  const { version, providers: all, splits } = await (await call.controls()).registry.read();
  const needs = (name: string) =>
    splits.flatMap(({ slug, arms }) =>
      arms.filter(({ provider }) => provider === name).map((arm) => `${arm.name} of ${slug}`),
    );
  const rows = all.map((one) => [
    ...[one.name, one.adapter ?? 'none', one.deprecated ? `${one.state}, deprecated` : one.state],
    ...[one.baseUrl ?? 'usual', needs(one.name).join(', ')],
  ]);
  call.answer({ version, providers: all }, tableLines(['provider', 'adapter', 'state', 'address', 'arms'], rows));
};

const add: Verb = async (call) => {
  const name = nameOf(call);
  const { providers: all } = await (await call.controls()).registry.read();
  if (all.some((one) => one.name === name)) {
    throw new UsageError(`The provider ${name} is there already. Change it: sluice providers set ${name} …`);
  }
  const fresh = {
    ...{ name, adapter: null, label: name, baseUrl: null, options: {} },
    state: 'active',
    deprecated: false,
  } as const;
  await put(call, fresh, 'is added. Give it a key: sluice keys set');
};

const set: Verb = async (call) => {
  const name = nameOf(call);
  const { providers: all } = await (await call.controls()).registry.read();
  const before = all.find((one) => one.name === name);
  if (before === undefined) throw new Refusal('no-such-provider', `There is no provider "${name}".`);
  await put(call, before, 'is changed:');
};

async function put(call: Invocation, before: ProviderEntry, done: string): Promise<void> {
  const { values } = call;
  const text = (name: string) => textOption(values, name) ?? undefined;
  const base = text('base-url');
  const given = {
    ...{ adapter: text('adapter'), label: text('label'), baseUrl: base === 'usual' ? null : base },
    ...{ options: objectOption(values, 'options'), state: text('state') as ProviderEntry['state'] | undefined },
    deprecated: values.deprecated === true ? true : values['not-deprecated'] === true ? false : undefined,
  };
  const provider = { ...before, ...dropUndefined(given) };
  await call.confirm(`Write the provider ${before.name}?`);
  const { registry } = await call.controls();
  const version = await registry.putProvider(provider, { actor: call.actor, reason: reasonOption(values) });
  call.answer({ ...provider, registry_version: version }, [`providers: ${before.name} ${done} ${before.name}`]);
}

const remove: Verb = async (call) => {
  const name = nameOf(call);
  const { registry } = await call.controls();
  await call.confirm(`Remove the provider ${name}, with its keys and models?`);
  const version = await registry.removeProvider(name, writtenBy(call));
  call.answer({ removed: name, registry_version: version }, [`providers: ${name} is removed.`]);
};

const verbs: Readonly<Record<string, Verb>> = { list, add, set, remove };

export const providers: Command = {
  summary: 'whom arms send to: list, add, set, remove, or one test call',
  writes: 'at once',
  usage: 'providers [list | add NAME … | set NAME … | remove NAME | test NAME]',
  notes: [
    `--adapter ${providerAdapters.join('|')},`,
    '--base-url https://HOST (or usual), --options JSON, --label TEXT, --state active|draining|off, --deprecated, --not-deprecated. Keys are stored by: sluice keys set NAME',
  ],
  options: {
    ...{ adapter: { type: 'string' }, 'base-url': { type: 'string' }, options: { type: 'string' } },
    ...{ label: { type: 'string' }, state: { type: 'string' }, reason: { type: 'string' } },
    ...{ deprecated: { type: 'boolean' }, 'not-deprecated': { type: 'boolean' } },
  },
  positionals: [0, 2],
  async run(call) {
    if (call.positionals[0] === 'test') return testProvider(call, nameOf(call));
    const verb = verbOf(verbs, call, providers.usage, 'list');
    await verb(call);
    return undefined;
  },
};

function nameOf({ positionals: [, name] }: Invocation): string {
  if (name === undefined) throw new UsageError(`Usage: sluice ${providers.usage}`);
  return name;
}
