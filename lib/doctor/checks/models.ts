import { type Check, ok, problem } from './finding';

/** An alias only one provider knows fails for the share of requests that goes to the other. */
export const models: Check = async ({ providers }) => {
  const how = "compared the providers' model tables";
  const aliases = [...new Set(providers.flatMap((provider) => provider.models))].sort();
  const findings = aliases.flatMap((alias) => {
    const without = providers.filter((provider) => !provider.models.includes(alias)).map(({ name }) => name);
    if (without.length === 0) return [];
    const what = `the alias ${alias} is not known to ${without.join(' and ')}`;
    return [problem('models', what, how, `add ${alias} to lib/gateway/providers/${without[0]}/models.ts`)];
  });
  return findings.length > 0 ? findings : [ok('models', `every provider knows ${aliases.join(', ') || 'none'}`, how)];
};
