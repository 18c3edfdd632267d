import { makesVideo } from '@/lib/gateway/models/compile-model';
import { defaultModel } from '@/lib/gateway/models/models';
import { excerpt } from '@/lib/kernel/excerpt';
import { type ClientName, clientNames, snippets, usualPlace } from '../../clients/snippets';
import { type Command, type Invocation, textOption, UsageError } from '../../command';

const withinSight = 20;

/** How a client is pointed at this installation, with its splits and models. */
export const integration: Command = {
  summary: 'the lines that point a client at this installation: images, videos, relays',
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
      throw new UsageError(`"${excerpt(name)}" is no client that is known here; there are ${clientNames.join(', ')}.`);
    }
    await tell(call, name as ClientName);
    return undefined;
  },
};

async function tell(call: Invocation, name: ClientName): Promise<void> {
  const { code, key, kind } = snippets[name];
  const registry = await (await call.controls()).registry.read();
  const splits = registry.splits.filter((split) => split.kind === kind && !split.archived);
  const slugs = splits.map(({ slug }) => slug);
  const wanted = textOption(call.values, 'split');
  if (wanted !== null && !slugs.includes(wanted)) throw noSuchSplit(kind, wanted, slugs);
  const usual = usualPlace(kind);
  const adapterOf = (named: string) => registry.providers.find(({ name: each }) => each === named)?.adapter ?? '';
  const enabled = registry.models.filter(
    ({ enabled: isOn, provider, providerModel, fixed }) =>
      isOn && (kind === 'job') === makesVideo(adapterOf(provider), providerModel, fixed),
  );
  const aliases = [...new Set(enabled.map(({ alias }) => alias))].sort();
  const model = textOption(call.values, 'model') ?? (kind === 'job' ? (aliases[0] ?? usual.model) : defaultModel);
  const place = {
    url: (textOption(call.values, 'url') ?? usual.url).replace(/\/+$/, ''),
    model,
    falModel: enabled.find(({ alias, provider }) => alias === model && provider === 'fal')?.providerModel ?? model,
    split: wanted,
    prefix: (splits.find(({ slug }) => slug === wanted) ?? splits[0])?.match.prefixes?.[0] ?? usual.prefix,
  };
  const text = code(place);
  call.answer({ client: name, code: text, key, splits: slugs, models: kind === 'relay' ? [] : aliases }, [
    text,
    '',
    `The caller's key: ${key}.`,
    splitsLine(kind, slugs),
    ...(kind === 'relay' ? [] : [modelsLine(aliases)]),
  ]);
}

function noSuchSplit(kind: string, wanted: string, slugs: readonly string[]): UsageError {
  const there = slugs.length === 0 ? 'there is none' : `there are ${slugs.join(', ')}`;
  return new UsageError(`There is no ${kind} split "${excerpt(wanted)}"; ${there}.`);
}

function splitsLine(kind: string, slugs: readonly string[]): string {
  if (slugs.length === 0)
    return `No split of kind ${kind} is here yet: sluice splits add SLUG --kind ${kind} … makes one.`;
  const rest =
    kind === 'relay'
      ? 'The prefix of the address says which.'
      : 'Without one the request goes by its model, else to the default split.';
  return `Splits: ${slugs.join(', ')}. ${rest}`;
}

function modelsLine(aliases: readonly string[]): string {
  const more = aliases.length > withinSight ? ' and others (sluice models)' : '';
  return `Models: ${aliases.slice(0, withinSight).join(', ')}${more}.`;
}
