import { dropUndefined } from '@/lib/kernel/drop-undefined';
import { excerpt } from '@/lib/kernel/excerpt';
import { Refusal } from '@/lib/kernel/refusal';
import type { ModelEntry } from '@/lib/registry/registry';
import type { WrittenModel } from '@/lib/registry/write-registry';
import { surroundings } from '../../../known-database';
import { argumentAt, type Command, type Invocation, textOption, UsageError, verbOf, writtenBy } from '../../command';
import { objectOption } from '../../texts/arm-text';
import { modelLines, modelPage } from '../../texts/model-lines';
import { tableLines } from '../../texts/table-lines';
import { type Checked, checkModels } from '../../vendor/check-models';

type Verb = (call: Invocation) => Promise<number | undefined>;

const registryOf = async (call: Invocation) => await (await call.controls()).registry.read();

const list: Verb = async (call) => {
  const { version, models: all } = await registryOf(call);
  const [alias, provider] = [textOption(call.values, 'alias'), textOption(call.values, 'provider')];
  const asked = all.filter(
    (one) => (alias === null || one.alias === alias) && (provider === null || one.provider === provider),
  );
  const shown = call.values.all === true || call.json ? asked : asked.filter(({ enabled }) => enabled);
  const off = asked.length - shown.length;
  const more = off === 0 ? [] : [`${off} more ${off === 1 ? 'is' : 'are'} off: sluice models list --all`];
  call.answer({ version, models: shown }, [
    ...(shown.length === 0 ? ['There is no such model that is on.'] : modelLines(shown)),
    ...more,
  ]);
  return undefined;
};

const show: Verb = async (call) => {
  const { version, models: all } = await registryOf(call);
  const rows = named(all, argument(call, 1));
  call.answer(
    { version, models: rows },
    rows.flatMap((row, at) => [...(at === 0 ? [] : ['']), ...modelPage(row)]),
  );
  return undefined;
};

const add: Verb = async (call) => {
  const { models: all } = await registryOf(call);
  const [provider, alias] = [argument(call, 1), argument(call, 2)];
  if (all.some((one) => one.alias === alias && one.provider === provider)) {
    throw new UsageError(
      `${alias} at ${provider} is there already. Change it: sluice models set ${provider} ${alias} …`,
    );
  }
  return put(call);
};

/** What is left out of a row that is there stays. */
async function put(call: Invocation): Promise<undefined> {
  const [provider, alias, providerModel] = [argument(call, 1), argument(call, 2), argument(call, 3)];
  const { models: all } = await registryOf(call);
  const before = all.find((one) => one.alias === alias && one.provider === provider);
  const object = (name: string) => objectOption(call.values, name);
  const given = {
    ...{ price: object('price'), params: object('params'), fixed: object('fixed') },
    ...{ lossy: (textOption(call.values, 'lossy') ?? undefined) as ModelEntry['lossy'] | undefined },
    ...{
      source: textOption(call.values, 'source') ?? undefined,
      enabled: call.values.off === true ? false : undefined,
    },
  };
  const model = { price: {}, params: {}, ...before, ...dropUndefined(given), alias, provider, providerModel };
  await write(call, model, `Call ${alias} at ${provider} ${providerModel}?`, `is ${providerModel} at ${provider}`);
  return undefined;
}

const turned =
  (enabled: boolean): Verb =>
  async (call) => {
    const [provider, alias] = [argument(call, 1), argument(call, 2)];
    const { models: all } = await registryOf(call);
    const before = all.find((one) => one.alias === alias && one.provider === provider);
    if (!before) throw noSuch(alias, provider);
    const word = enabled ? 'on' : 'off';
    await write(call, { ...before, enabled }, `Turn ${alias} at ${provider} ${word}?`, `is ${word} at ${provider}`);
    return undefined;
  };

async function write(call: Invocation, model: WrittenModel, question: string, done: string): Promise<void> {
  const { registry } = await call.controls();
  await call.confirm(question);
  const version = await registry.putModel(model, writtenBy(call));
  call.answer({ ...model, shipped: false, registry_version: version }, [`models: ${model.alias} ${done}.`]);
}

const remove: Verb = async (call) => {
  const [provider, alias] = [argument(call, 1), argument(call, 2)];
  const { registry } = await call.controls();
  await call.confirm(`Forget ${alias} at ${provider}?`);
  const by = writtenBy(call);
  const version = await registry.removeModel(alias, provider, by);
  call.answer({ removed: alias, registry_version: version }, [`models: ${alias} at ${provider} is removed.`]);
  return undefined;
};

const marks = { ok: 'ok', fault: 'FAULT', unread: 'NOT READ', none: 'no schema' } as const;

const check: Verb = async (call) => {
  const { models: all, providers } = await registryOf(call);
  const [, alias] = call.positionals;
  const rows = alias === undefined ? all : named(all, alias);
  const { FAL_BASE_URL: fal, RUNWARE_BASE_URL: runware } = surroundings().env;
  const checked = await checkModels(rows, providers, { fal, runware });
  const lines = checked.flatMap(({ status, faults, ...row }) =>
    (faults.length === 0 ? [''] : faults).map((fault) => [row.alias, row.provider, row.id, marks[status], fault]),
  );
  call.answer({ models: checked }, [
    ...tableLines(['alias', 'provider', 'its name there', 'is', 'why'], lines),
    sumOf(checked),
  ]);
  return checked.some(({ status }) => status === 'fault' || status === 'unread') ? 1 : undefined;
};

function sumOf(checked: readonly Checked[]): string {
  const count = (status: Checked['status']) => checked.filter((one) => one.status === status).length;
  return `${count('ok')} fit, ${count('fault')} do not, ${count('unread')} could not be read, ${count('none')} have no schema.`;
}

function named(all: readonly ModelEntry[], alias: string): readonly ModelEntry[] {
  const rows = all.filter((one) => one.alias === alias || one.providerModel === alias);
  if (rows.length > 0) return rows;
  throw new Refusal(
    'no-such-model',
    `No provider has a model "${excerpt(alias)}". There are: sluice models list --all.`,
  );
}

const noSuch = (alias: string, provider: string) =>
  new Refusal('no-such-model', `Provider "${excerpt(provider)}" has no model "${excerpt(alias)}".`);

const verbs: Readonly<Record<string, Verb>> = {
  ...{ list, show, add, set: put, on: turned(true), off: turned(false), remove, check },
};

export const models: Command = {
  summary:
    'what an alias that callers write is called at each provider, and how its parameters are: list, show, add, check',
  writes: 'at once',
  usage:
    'models [list | show ALIAS | add PROVIDER ALIAS NAME … | set PROVIDER ALIAS NAME … | on PROVIDER ALIAS | off PROVIDER ALIAS | remove PROVIDER ALIAS | check [ALIAS]]',
  notes: [
    'list: [--alias ALIAS] [--provider PROVIDER], and with --all those that are off, too.',
    'add, set: [--price JSON] [--params JSON] [--fixed JSON] [--lossy pin|refuse|drop] [--off] [--source TEXT]; set keeps what is left out.',
    'check asks each vendor what its model takes, and needs the network: exit code 1 where a row does not fit or could not be asked about.',
  ],
  options: {
    ...{ price: { type: 'string' }, params: { type: 'string' }, fixed: { type: 'string' }, lossy: { type: 'string' } },
    ...{
      off: { type: 'boolean' },
      source: { type: 'string' },
      alias: { type: 'string' },
      provider: { type: 'string' },
    },
    ...{ all: { type: 'boolean' }, reason: { type: 'string' } },
  },
  positionals: [0, 4],
  async run(call) {
    const verb = verbOf(verbs, call, models.usage, 'list');
    return verb(call);
  },
};

const argument = (call: Invocation, at: number) => argumentAt(call, at, models.usage);
