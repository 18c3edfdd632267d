import { poisson, type Random } from '@/lib/replay/simulate/chance';
import type { Arrival, ProviderName } from './event-log';
import type { Span } from './plan';

export interface Health {
  failures: number;
  slow: number;
  vouchers: number;
  loose: number;
  costUsd: number;
}

const well = (costUsd: number): Health => ({ failures: 0.004, slow: 0.01, vouchers: 0.01, loose: 0, costUsd });

/** How each provider is now, by the regressions under way. */
export function healthOf(spans: readonly Span[]): Record<ProviderName, Health> {
  const health = { fal: well(0.004), runware: well(0.003) };
  for (const { trouble } of spans) {
    if (trouble.kind !== 'regression') continue;
    const is = health[trouble.provider];
    const { severity } = trouble;
    if (trouble.what === 'failures') is.failures = Math.min(0.95, 0.03 * severity ** 2.4);
    if (trouble.what === 'slowness') is.slow = Math.min(0.9, 0.08 * severity ** 1.8);
    if (trouble.what === 'cost') is.costUsd *= 1 + 0.8 * severity;
    if (trouble.what === 'vouchers') is.vouchers = Math.min(0.8, 0.07 * severity ** 1.7);
    if (trouble.what === 'loose-vouchers') is.loose = Math.min(0.8, 0.07 * severity ** 1.7);
  }
  return health;
}

/** One provider's requests of one bucket; splitting a Poisson stream by coins gives Poisson streams. */
export function drawArrival(
  provider: ProviderName,
  index: number,
  expected: number,
  is: Health,
  random: Random,
): Arrival | null {
  const fast = poisson(expected * (1 - is.failures) * (1 - is.slow), random);
  const slow = poisson(expected * (1 - is.failures) * is.slow, random);
  const failed = poisson(expected * is.failures, random);
  const generated = fast + slow;
  if (generated + failed === 0) return null;
  const draw = (share: number) => (share > 0 ? Math.min(generated, poisson(expected * share, random)) : 0);
  const medium = Math.floor(fast * 0.1);
  const hung = Math.floor(slow * 0.2);
  const each = Math.round(is.costUsd * 1e9 * (0.95 + 0.1 * random()));
  return {
    ...{ provider, index, requests: generated + failed, failures: failed, generated, priced: generated },
    latencies: [fast - medium + failed, medium, slow - hung, hung],
    ...{ costNano: generated * each, costNanoSquared: generated * each * each },
    ...{ vouchers: draw(is.vouchers), unattributed: draw(is.loose) },
  };
}
