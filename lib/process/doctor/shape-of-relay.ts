import type { Env } from '@/lib/config/env';
import { createProvider } from '@/lib/gateway/providers/create-providers';
import type { Provider } from '@/lib/gateway/providers/provider';
import type { SecretKey } from '@/lib/registry/keys/stored-keys';
import type { Registry, SplitEntry } from '@/lib/registry/registry';
import { dialectIn } from '@/lib/relay/dialects/dialects';
import { compareArms, type ShapesCompared } from '@/lib/relay/shape/ask-arms';
import { keyFinder, settingsBy } from '../provider-settings';
import { readStored } from './stored-registry';

export interface RelayShape extends ShapesCompared {
  readonly dialect: string;
  readonly baseline: string;
}

const withinMs = 15_000;

/** What callers of a relay would see change between its arms, by questions that cost nothing; null: it is no relay that could be asked. */
export async function shapeOfRelay(
  { env, secretKey, url }: { readonly env: Env; readonly secretKey: SecretKey; readonly url: string },
  slug: string,
  baseline: string,
): Promise<RelayShape | null> {
  const { keys, registry } = await readStored(env, secretKey, url);
  const split = registry?.splits.find((each) => each.slug === slug && each.kind === 'relay');
  if (!registry || !split) return null;
  const names = registry.providers.map(({ name }) => name);
  const of = settingsBy(env, keyFinder(keys, names), registry.dialects);
  const reached = new Map(split.arms.map(({ provider }) => [provider, reach(registry, provider, of)]));
  try {
    const arms = [...split.arms]
      .sort((a, b) => Number(b.name === baseline) - Number(a.name === baseline))
      .map(({ name, provider }) => ({ name, streams: streamsOf(reached.get(provider)) }));
    const [first, ...others] = arms;
    const dialect = dialectIn(registry, spokenBy(registry, split));
    if (!first || !dialect) return null;
    const compared = await compareArms(dialect, [first, ...others], AbortSignal.timeout(withinMs));
    return { ...compared, dialect: dialect.name, baseline: first.name };
  } finally {
    await Promise.all([...reached.values()].map((each) => typeof each !== 'string' && each?.close()));
  }
}

/** A text: why it cannot be called. */
function reach({ providers }: Registry, name: string, of: ReturnType<typeof settingsBy>): Provider | string {
  const entry = providers.find((each) => each.name === name);
  const made = entry && of(entry);
  if (!made || !('settings' in made)) return made?.whyNot ?? `${name} is not registered`;
  const provider = createProvider('relay', made.settings, entry?.baseUrl ? [entry.baseUrl] : []);
  return provider ?? `${name} is not configured`;
}

function streamsOf(reached: Provider | string | undefined) {
  if (typeof reached !== 'object') return reached ?? 'it is not registered';
  return reached.streams ?? reached.whyNot ?? 'it is not configured';
}

function spokenBy({ providers }: Registry, { arms }: SplitEntry): string {
  const spoken = arms.flatMap(({ provider }) => providers.find(({ name }) => name === provider)?.options.dialect ?? []);
  return String(spoken[0] ?? 'generic');
}
