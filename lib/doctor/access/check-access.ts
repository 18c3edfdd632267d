import { durationText } from '@/lib/kernel/duration';
import { ProviderKeys } from '@/lib/registry/keys/provider-keys';
import { fingerprintOf } from '@/lib/registry/keys/seal';
import { type Finding, ok, problem, skipped } from '../checks/finding';
import type { KeysAtHand } from '../diagnosis';
import type { AccessFacts } from './access-facts';

const how = 'read sluice.provider_keys and opened each key with the secret at hand';

/** The secret that seals, where each provider's key comes from, and the callers whose key ends soon. */
export function checkAccess(facts: AccessFacts, atHand: KeysAtHand): readonly Finding[] {
  const { secretKey, environment } = atHand;
  const secret = 'secret' in secretKey ? secretKey.secret : null;
  const keys = new ProviderKeys({ secret, environment });
  keys.learn(facts.keys);
  return [
    ...checkSecret(facts, atHand, keys),
    checkSources(facts, atHand, keys),
    ...checkVariables(atHand),
    checkCallers(facts),
  ];
}

function checkSecret(facts: AccessFacts, { secretKey }: KeysAtHand, keys: ProviderKeys): readonly Finding[] {
  const closed = [...keys.faults];
  if (closed.length > 0) {
    return closed.map(([provider, fault]) => {
      const fix = `set SLUICE_SECRET_KEY to that secret, or store the key anew: npm run sluice -- keys set ${provider}`;
      return problem('secret key', `${provider}: ${fault}`, how, fix);
    });
  }
  if ('whyNot' in secretKey) return [skipped('secret key', 'no key is stored, so none is needed', secretKey.whyNot)];
  const count = facts.keys.length === 1 ? '1 stored key' : `${facts.keys.length} stored keys`;
  const name = fingerprintOf(secretKey.secret);
  return [ok('secret key', `${name} opens ${count}`, `${how} (${secretKey.from})`)];
}

function checkSources({ providers }: AccessFacts, { variableOf }: KeysAtHand, keys: ProviderKeys): Finding {
  const sources = providers.map((provider) => {
    const used = keys.keyOf(provider);
    if (used === null) return `${provider} none (${variableOf(provider)} is not set)`;
    return `${provider} ${used.version === 0 ? `from ${variableOf(provider)}` : `stored, version ${used.version}`}`;
  });
  return ok('keys', sources.join('; '), 'a stored key is used before one of the environment');
}

function checkVariables({ clashes }: KeysAtHand): readonly Finding[] {
  return [...clashes].map(([variable, names]) => {
    const what = `${variable} would be the key of ${names.join(' and ')}, so it is read for neither`;
    return problem(
      'keys',
      what,
      'made the variable of each provider from its name',
      'rename one of them, or store their keys',
    );
  });
}

function checkCallers({ expiring }: AccessFacts): Finding {
  const read = 'read sluice.caller_keys';
  const [first] = expiring;
  if (!first) return ok('callers', 'no last key of a caller expires within 7 days', read);
  const each = expiring.map(({ caller, id, inSeconds }) => `key ${id} of ${caller} in ${durationText(inSeconds)}`);
  const fix = `npm run sluice -- callers rotate ${first.caller}, and give it the new key`;
  return problem('callers', `expires, and no other key follows it: ${each.join('; ')}`, read, fix);
}
