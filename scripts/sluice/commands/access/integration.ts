import { defaultModel } from '@/lib/gateway/models/models';
import { clientNames, snippets, usualPlace } from '../../clients/snippets';
import { type Command, type Invocation, textOption, UsageError } from '../../command';

const withinSight = 20;

/** How a client is pointed at this installation, with its splits and models. */
export const integration: Command = {
  summary: 'the lines that point a client at this installation',
  usage: 'integration [CLIENT] [--url URL] [--split SLUG] [--model ALIAS]',
  options: { url: { type: 'string' }, split: { type: 'string' }, model: { type: 'string' } },
  positionals: [0, 1],
  notes: [`CLIENT is one of ${clientNames.join(', ')}.`],
  async run(call) {
    const [name] = call.positionals;
    if (name === undefined) {
      const lines = clientNames.map((each) => `sluice integration ${each}`);
      call.answer({ clients: clientNames }, lines);
      return undefined;
    }
    if (!Object.hasOwn(snippets, name)) {
      throw new UsageError(
        `"${name.slice(0, 64)}" is no client that is known here; there are ${clientNames.join(', ')}.`,
      );
    }
    await tell(call, name as (typeof clientNames)[number]);
    return undefined;
  },
};

async function tell(call: Invocation, name: (typeof clientNames)[number]): Promise<void> {
  const { splits, models } = await (await call.controls()).registry.read();
  const slugs = splits.filter(({ kind, archived }) => kind === 'image' && !archived).map(({ slug }) => slug);
  const split = textOption(call.values, 'split');
  if (split !== null && !slugs.includes(split)) {
    throw new UsageError(`There is no image split "${split.slice(0, 64)}"; there are ${slugs.join(', ')}.`);
  }
  const enabled = models.filter((each) => each.enabled);
  const aliases = [...new Set(enabled.map(({ alias }) => alias))].sort();
  const model = textOption(call.values, 'model') ?? defaultModel;
  const url = (textOption(call.values, 'url') ?? usualPlace.url).replace(/\/+$/, '');
  const falModel = enabled.find(({ alias, provider }) => alias === model && provider === 'fal')?.providerModel ?? model;
  const { code, key } = snippets[name];
  const text = code({ url, model, falModel, split });
  call.answer({ client: name, code: text, key, splits: slugs, models: aliases }, [
    text,
    '',
    `The caller's key: ${key}.`,
    `Splits: ${slugs.join(', ')}. Without one the request goes by its model, else to the default split.`,
    `Models: ${aliases.slice(0, withinSight).join(', ')}${aliases.length > withinSight ? ' and others (sluice models)' : ''}.`,
  ]);
}
