import { secretFault } from './env-rules';

/** Those that had a variable of their own before there was a rule. */
const named: Readonly<Record<string, string>> = { fal: 'FAL_KEY', runware: 'RUNWARE_API_KEY' };

/** The variable that holds the key of a provider: `aiml-api` → `AIML_API_API_KEY`. */
export function keyVariable(provider: string): string {
  if (Object.hasOwn(named, provider)) return named[provider] as string;
  return `${provider.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}_API_KEY`;
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
    ([name, value]) => /^(?:FAL_KEY|[A-Z][A-Z0-9_]*_API_KEY)$/.test(name) && value && secretFault(value) === null,
  );
  return Object.fromEntries(found) as Record<string, string>;
}
