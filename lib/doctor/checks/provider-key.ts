import type { ProviderUnderTest } from '../diagnosis';
import { type Check, type Finding, ok, problem, skipped } from './finding';

/** A host that answers is not a key that works: each provider is really asked, with the key. */
export const providerKey: Check = ({ providers }, signal) =>
  Promise.all(providers.map((provider) => checkProvider(provider, signal)));

async function checkProvider(provider: ProviderUnderTest, signal: AbortSignal): Promise<Finding> {
  const { name, key, refusal } = provider;
  const check = `provider ${name}`;
  if (provider.simulated) return skipped(check, `${name} is simulated`, 'SLUICE_SANDBOX, or no key is set at all');
  if (refusal !== null) {
    const why = refusal.includes('quotation mark') ? 'is in quotes' : refusal;
    return problem(check, `${key} was refused: it ${why}`, 'read the environment', `correct ${key} and start again`);
  }
  if (!provider.configured) {
    const noKey = `${name} has no key`;
    return problem(
      check,
      provider.whyNot ?? noKey,
      provider.whyNot === noKey || provider.whyNot === null ? `${key} is not set` : 'read its row and its key',
      `set ${key}, or store one: npm run sluice -- keys set ${name}; until then ${name} serves nothing`,
    );
  }
  const how = 'an authenticated call that costs nothing';
  const result = await provider.probe(signal);
  if (result.ok) return ok(check, `${name} takes the key`, how);
  return problem(check, `${name}: ${result.error ?? 'failed'}`, how, fixOf(key, result.kind));
}

function fixOf(key: string, kind: string | undefined): string {
  if (kind === 'auth')
    return `make a new key in the provider's console and set ${key}, or store it: npm run sluice -- keys set`;
  if (kind === 'balance') return "top up the account in the provider's console";
  if (kind === 'rate_limited') return 'wait, or ask the provider for a higher limit';
  if (kind === 'provider_5xx') return "look at the provider's status page; roll back if it is the candidate";
  return 'see the DNS and TLS lines; then try from another network';
}
