import { burstRegimes } from './bursts';
import { loopRegimes } from './loops';
import type { Regime } from './regime';
import { sharedRegimes, worseRegimes } from './shared';
import { sickRegimes } from './sick';
import { steadyRegimes } from './steady';
import { unevenRegimes } from './uneven';
import { voucherRegimes } from './vouchers';

/** Every kind of traffic that the rule is tried on. */
export const regimes: readonly Regime[] = [
  ...steadyRegimes,
  ...sharedRegimes,
  ...worseRegimes,
  ...burstRegimes,
  ...loopRegimes,
  ...voucherRegimes,
  ...unevenRegimes,
  ...sickRegimes,
];

export function regimeNamed(name: string): Regime {
  const found = regimes.find((regime) => regime.name === name);
  if (found) return found;
  throw new Error(`There is no regime "${name}": ${regimes.map((regime) => regime.name).join(', ')}.`);
}
