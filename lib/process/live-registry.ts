import type { Env } from '@/lib/config/env';
import type { Log } from '@/lib/config/log';
import { LiveLanes } from '@/lib/gateway/providers/live-lanes';
import type { Lane } from '@/lib/gateway/request/lane';
import { SplitsInMemory } from '@/lib/gateway/weights/splits-in-memory';
import { systemClock } from '@/lib/kernel/clock';
import { ProviderKeys, type SealedKey } from '@/lib/registry/keys/provider-keys';
import type { RegistryReading } from '@/lib/registry/read-registry';
import { shippedRegistry } from '@/lib/registry/shipped-registry';
import { keyFinder, keyParts, settingsBy } from './provider-settings';

const breaker = { threshold: 5, coolMs: 5000 };

export interface LiveRegistry {
  readonly live: LiveLanes;
  readonly splits: SplitsInMemory;
  readonly keys: ProviderKeys;
  /** Providers and splits as the registry has them. */
  learn(reading: RegistryReading): void;
  /** The stored keys that serve, as they are sealed. */
  takeKeys(sealed: readonly SealedKey[]): void;
  /** Told of each lane that is new. */
  onLanes(told: (lanes: readonly Lane[]) => void): void;
}

/** What this process routes to and by; only an arm that may be called is assigned anything. */
export function liveRegistry(env: Env, log: Log): LiveRegistry {
  const live = new LiveLanes({ breaker, connections: env.SLUICE_PROVIDER_CONNECTIONS });
  let names = shippedRegistry.providers.map(({ name }) => name);
  const keys = new ProviderKeys(keyParts(env, () => names));
  let told: (lanes: readonly Lane[]) => void = () => undefined;
  const said = new Map<string, string>();
  const say = () => {
    for (const [name, { provider }] of live.lanes) {
      const why = provider.whyNot;
      if (why !== null && said.get(name) !== why)
        log.warn({ provider: name }, `a provider is assigned nothing: ${why}`);
      if (why === null) said.delete(name);
      else said.set(name, why);
    }
  };
  const equip = ({ providers, dialects }: Pick<RegistryReading, 'providers' | 'dialects'>) => {
    names = providers.map(({ name }) => name);
    return live.learn(providers, settingsBy(env, keyFinder(keys, names), dialects));
  };
  equip(shippedRegistry);
  say();
  const refit = () => {
    const before = live.lanes.size;
    const fresh = equip(splits.registry);
    if (fresh.length > 0 || before !== live.lanes.size) splits.refit();
    say();
    if (fresh.length > 0) told(fresh);
  };
  const splits = new SplitsInMemory({ lanes: live.lanes, random: Math.random, monotonic: systemClock.monotonic });
  return {
    live,
    splits,
    keys,
    learn(reading) {
      for (const { sentence } of reading.faults) log.warn(sentence);
      const { models } = splits;
      splits.learn(reading);
      if (splits.models !== models) for (const fault of splits.models.faults()) log.warn(fault);
      refit();
    },
    takeKeys(sealed) {
      keys.learn(sealed);
      refit();
    },
    onLanes(tell) {
      told = tell;
    },
  };
}
