import type { Env } from '@/lib/config/env';
import { originFault } from '@/lib/config/env-rules';
import { isLoopback } from '@/lib/config/env-secrets';
import { simulatesInProcess } from '@/lib/config/preview';
import { clashingVariables, keyVariable } from '@/lib/config/provider-keys';
import { shippedProviders } from '@/lib/config/shipped-providers';
import { type AdapterName, adapters, isAdapter, sandboxKeys } from '@/lib/gateway/providers/adapters';
import type { Made } from '@/lib/gateway/providers/live-lanes';
import { keyQuestionOf } from '@/lib/gateway/providers/relay/key-questions';
import { relayOptions, withUsual } from '@/lib/gateway/providers/relay/options';
import { sandboxSettings } from '@/lib/gateway/providers/sandbox/in-process';
import type { ProviderSettings } from '@/lib/gateway/providers/settings';
import { ProviderKeys, type UsedKey } from '@/lib/registry/keys/provider-keys';
import type { DialectEntry, ProviderEntry } from '@/lib/registry/registry';
import { shippedRegistry } from '@/lib/registry/shipped-registry';
import { dialectCalled, dialectIn } from '@/lib/relay/dialects/dialects';
import { secretKeyOf } from './keys/secret-key';

/**
 * The key of a provider now, or why there is none, in a sentence. `isPlayed`: a simulated provider lets in the
 * environment's key; one that is stored is of a real one, and not to be sent to it.
 */
type FindKey = (provider: string, isPlayed: boolean) => UsedKey | { readonly whyNot: string };

/** Where the providers of an adapter are called that name no address: as the environment says, or where it is usual. */
function usualUrl(adapter: AdapterName, env: Env): string {
  const played = env.SLUICE_SANDBOX
    ? env.SLUICE_SANDBOX_URLS.find((each) => each.startsWith(`${adapter}=`))
    : undefined;
  const said = shippedProviders.find(({ name }) => name === adapter);
  return played?.slice(adapter.length + 1) ?? (said ? env[said.url] : adapters[adapter].usualUrl);
}

/** Where each provider's key and origin come from: its row, the keys that are stored, the environment. */
export function settingsBy(
  env: Env,
  findKey: FindKey,
  dialects: readonly DialectEntry[] = [],
): (entry: ProviderEntry) => Made {
  const simulated = simulatesInProcess(env) ? sandboxSettings(originOf(env), Date.now()) : null;
  return (entry) => {
    const { name, adapter, baseUrl, state } = entry;
    if (state !== 'active') return { whyNot: `${name} is ${state}: it is given nothing until its state is active` };
    const known = adapter !== null && isAdapter(adapter) ? adapter : null;
    if (known === null) return { whyNot: `${name} is not configured: nothing here speaks '${adapter}'` };
    if (simulated && known === 'relay') return { whyNot: `${name} is not configured: relays are not simulated` };
    if (simulated) return { settings: { name, ...simulated[known] }, keyVersion: 0 };
    const fault = baseUrl === null ? null : originFault(baseUrl);
    if (fault !== null) return { whyNot: `${name} is not configured: its base_url ${fault}` };
    const at = baseUrl ?? usualUrl(known, env);
    if (at === '')
      return { whyNot: `${name} is not configured: a relay needs a base_url, such as https://api.example.com` };
    const prefix = entry.options.path_prefix;
    const pathPrefix = typeof prefix === 'string' ? prefix : undefined;
    if (pathPrefix !== undefined && !/^(?:\/[\w.-]+)+$/.test(pathPrefix)) {
      return { whyNot: `${name} is not configured: options.path_prefix must be like /api, without a slash at its end` };
    }
    const found = keyFor(entry, known, env, findKey);
    const key = 'key' in found ? found.key : null;
    const whyNot = 'key' in found ? undefined : found.whyNot;
    const keyVersion = 'key' in found ? found.version : 0;
    const where = { baseUrl: at, apiBaseUrl: falApi(at, env), pathPrefix };
    const relay = known === 'relay' ? relayOf(entry, dialects) : {};
    return { settings: { name, key, whyNot, ...where, ...relay }, keyVersion };
  };
}

/** Its options, and by which question its key is tried, as its dialect says; one that ships and marks none has none that tells. */
function relayOf({ options }: ProviderEntry, dialects: readonly DialectEntry[]) {
  const relay = relayOptions(options);
  const spoken = dialectIn({ dialects }, String(options.dialect ?? 'generic'));
  if (spoken === undefined) return { relay };
  const isMarked = spoken.free.some(({ key }) => key !== undefined);
  const ships = dialectCalled(spoken.name) !== undefined;
  const question = ships && !isMarked ? null : keyQuestionOf(spoken);
  return { relay: typeof relay === 'string' ? relay : withUsual(relay, spoken.headers), question };
}

/** Those that ship, as the environment alone knows them. */
export function providerSettings(env: Env): Readonly<Record<string, ProviderSettings>> {
  const { providers } = shippedRegistry;
  const names = providers.map(({ name }) => name);
  const of = settingsBy(env, keyFinder(new ProviderKeys(keyParts(env, () => names)), names));
  return Object.fromEntries(
    providers.flatMap((entry) => {
      const made = of(entry);
      return 'settings' in made ? [[entry.name, made.settings]] : [];
    }),
  );
}

/** Where keys are looked for that the database does not hold. `names` are the providers that are registered now. */
export function keyParts(env: Env, names: () => readonly string[]): ConstructorParameters<typeof ProviderKeys>[0] {
  const secretKey = secretKeyOf(env);
  return {
    secret: 'secret' in secretKey ? secretKey.secret : null,
    environment(provider) {
      const variable = keyVariable(provider);
      if (clashingVariables(names()).has(variable)) return null;
      return Object.hasOwn(env.providerKeys, variable) ? (env.providerKeys[variable] ?? null) : null;
    },
  };
}

/** What says of each provider which key it is called with, or why there is none. */
export function keyFinder(keys: ProviderKeys, names: readonly string[]): FindKey {
  const clashes = clashingVariables(names);
  return (provider, isPlayed) => {
    const used = isPlayed ? environmentKey(keys, provider) : keys.keyOf(provider);
    if (used !== null) return used;
    const stored = keys.faults.get(provider);
    const sharing = clashes.get(keyVariable(provider));
    const why = stored ?? (sharing && clashText(keyVariable(provider), sharing));
    return { whyNot: `${provider} has no key${why === undefined ? '' : `: ${why}`}` };
  };
}

function environmentKey(keys: ProviderKeys, provider: string): UsedKey | null {
  const key = keys.keyAt(provider, 0);
  return key === null ? null : { key, version: 0 };
}

function clashText(variable: string, sharing: readonly string[]): string {
  return `${variable} would be that of ${[...sharing].sort().join(' and ')}, so it is read for none of them`;
}

/** The sandbox takes its own key; a further provider of an adapter that it plays needs none of its own. */
function keyFor({ name, baseUrl }: ProviderEntry, adapter: AdapterName, env: Env, findKey: FindKey) {
  // A relay leads to an address of its own, simulated or not.
  const isPlayed = env.SLUICE_SANDBOX && (adapter !== 'relay' || baseUrl === null);
  const found = findKey(name, isPlayed);
  const isFurther = !shippedProviders.some((shipped) => shipped.name === name);
  const isHere = baseUrl !== null && isLoopback(new URL(baseUrl).hostname);
  if ('key' in found || !isFurther || !(isPlayed || (env.SLUICE_SANDBOX && isHere))) return found;
  return { key: sandboxKeys[adapter], version: 0 };
}

/** FAL's prices live on another origin than its models; a stand-in for FAL serves both. */
function falApi(baseUrl: string, env: Env): string | undefined {
  const isUsual = baseUrl === env.FAL_BASE_URL;
  return (isUsual ? env.FAL_API_BASE_URL : undefined) ?? (baseUrl === 'https://fal.run' ? falPrices : undefined);
}

const falPrices = 'https://api.fal.ai';

/** Where this very deployment answers; only `vercel dev` answers on loopback. */
function originOf({ VERCEL_URL, SLUICE_PUBLIC_URL, PORT }: Env): string {
  if (VERCEL_URL === undefined) return SLUICE_PUBLIC_URL ?? `http://localhost:${PORT}`;
  const { hostname } = new URL(`http://${VERCEL_URL}`);
  return `${isLoopback(hostname) ? 'http' : 'https'}://${VERCEL_URL}`;
}
