import { type Finding, ok, problem } from '../checks/finding';
import type { Instruments, RolloutFacts } from '../diagnosis';
import type { ArmFacts, SplitFacts } from './split-facts';

const how = 'read sluice.splits, sluice.arms and the flags beside them';

/** Whether each split has what it needs to be served and judged; the first one's own row has lines of its own. */
export function checkSplits(
  { splits }: RolloutFacts,
  instruments: Pick<Instruments, 'providers' | 'keyed'>,
): readonly Finding[] {
  if (splits.length <= 1 && splits.every(({ isFirst }) => isFirst)) return [];
  const faults = splits.flatMap((split) => [...flagFaults(split), ...armFaults(split, instruments)]);
  if (faults.length > 0) return faults;
  return [ok('splits', `${splits.length} splits have weights, a policy, and arms that can be served`, how)];
}

function flagFaults({ slug, key, isFirst, ...facts }: SplitFacts): readonly Finding[] {
  if (isFirst) return [];
  const found = (what: string, fix: string) => problem(`split ${slug}`, what, how, fix);
  const weights = `sluice rollback --split ${slug}`;
  return [
    ...(facts.hasWeights ? [] : [found(`there is no row ${key}`, `${weights} writes it, with the baseline's weights`)]),
    ...(facts.weightsFault === null
      ? []
      : [found(`the stored weights are invalid: ${facts.weightsFault}`, `${weights}, or write valid weights`)]),
    ...(facts.hasPolicy
      ? []
      : [found('it has no policy, so nothing judges it', `sluice policy save FILE --split ${slug}`)]),
    ...(facts.policyFault === null
      ? []
      : [found(`the policy is invalid: ${facts.policyFault}`, `sluice policy save FILE --split ${slug}`)]),
  ];
}

function armFaults({ slug, arms }: SplitFacts, instruments: Pick<Instruments, 'providers' | 'keyed'>): Finding[] {
  return arms.flatMap((arm) => {
    const [what, fix] = armFault(arm, instruments) ?? [];
    if (what === undefined || fix === undefined) return [];
    return [problem(`split ${slug}`, `arm ${arm.name} cannot be served: ${what}`, how, fix)];
  });
}

function armFault(
  arm: ArmFacts,
  { providers, keyed }: Pick<Instruments, 'providers' | 'keyed'>,
): [string, string] | null {
  const { provider, adapter, state, hasStoredKey } = arm;
  if (adapter === null) return [`provider ${provider} has no adapter`, `sluice providers set ${provider} --adapter …`];
  if (state === 'off') return [`provider ${provider} is off`, `sluice providers set ${provider} --state active`];
  // A key of these is asked for, and tried, on lines of their own.
  if (adapter === 'relay' || hasStoredKey || keyed(provider) || providers.some(({ name }) => name === provider))
    return null;
  return [`provider ${provider} has no key`, `sluice keys set ${provider}`];
}
