import { objectOption } from '../../arm-text';
import { type Command, type Invocation, reasonOption, UsageError } from '../../command';
import { tableLines } from '../../table-lines';

type Verb = (call: Invocation) => Promise<void>;

const list: Verb = async (call) => {
  const { version, models: all } = await (await call.controls()).registry.read();
  const rows = all.map((one) => [one.alias, one.provider, one.providerModel, JSON.stringify(one.price ?? {})]);
  const lines = tableLines(['alias', 'provider', 'its name there', 'price'], rows);
  call.answer({ version, models: all }, rows.length === 0 ? ['There are no aliases beside those that ship.'] : lines);
};

const set: Verb = async (call) => {
  const [, provider, alias, providerModel] = call.positionals;
  if (provider === undefined || alias === undefined || providerModel === undefined) throw usage();
  const [price, params] = [objectOption(call.values, 'price') ?? {}, objectOption(call.values, 'params') ?? {}];
  const model = { alias, provider, providerModel, price, params };
  const { registry } = await call.controls();
  await call.confirm(`Call ${alias} at ${provider} ${providerModel}?`);
  const version = await registry.putModel(model, { actor: call.actor, reason: reasonOption(call.values) });
  call.answer({ ...model, registry_version: version }, [`models: ${alias} is ${providerModel} at ${provider}.`]);
};

const remove: Verb = async (call) => {
  const [, provider, alias] = call.positionals;
  if (provider === undefined || alias === undefined) throw usage();
  const { registry } = await call.controls();
  await call.confirm(`Forget ${alias} at ${provider}?`);
  const by = { actor: call.actor, reason: reasonOption(call.values) };
  const version = await registry.removeModel(alias, provider, by);
  call.answer({ removed: alias, registry_version: version }, [`models: ${alias} at ${provider} is removed.`]);
};

const verbs: Readonly<Record<string, Verb>> = { list, set, remove };

export const models: Command = {
  summary: 'what an alias that callers write is called at each provider: list, set, remove',
  writes: 'at once',
  usage: 'models [list | set PROVIDER ALIAS NAME [--price JSON] [--params JSON] | remove PROVIDER ALIAS]',
  options: { price: { type: 'string' }, params: { type: 'string' }, reason: { type: 'string' } },
  positionals: [0, 4],
  async run(call) {
    const [name = 'list'] = call.positionals;
    const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
    if (!verb) throw usage();
    await verb(call);
    return undefined;
  },
};

const usage = () => new UsageError(`Usage: sluice ${models.usage}`);
