import { secretFault } from './env-rules';
import { keyVariables, shippedProviders } from './shipped-providers';

/** Those that had a variable of their own before there was a rule. */
const named: ReadonlyMap<string, string> = new Map(shippedProviders.map(({ name, key }) => [name, key]));

/** The variable that holds the key of a provider: `aiml-api` → `AIML_API_API_KEY`. */
export function keyVariable(provider: string): string {
  const own = named.get(provider);
  return own ?? `${provider.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}_API_KEY`;
}

/** Groups of providers that would be given one and the same key by the environment. */
export function clashingVariables(providers: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const byVariable = new Map<string, string[]>();
  for (const provider of providers) {
    const variable = keyVariable(provider);
    byVariable.set(variable, [...(byVariable.get(variable) ?? []), provider]);
  }
  return new Map([...byVariable].filter(([, names]) => names.length > 1));
}

/** What the environment holds that may be a provider's key, by variable; a text that can be none is left out. */
export function providerKeysIn(source: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const found = Object.entries(source).filter(
    ([name, value]) => isVariable(name) && value && secretFault(value) === null,
  );
  return Object.fromEntries(found) as Record<string, string>;
}

function isVariable(name: string): boolean {
  return (keyVariables as readonly string[]).includes(name) || /^[A-Z][A-Z0-9_]*_API_KEY$/.test(name);
}
