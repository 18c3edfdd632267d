import type { RegistryFault, RegistryReading } from './read-registry';
import type { Registry } from './registry';

/** What is read now, with the last good entry in the place of each that cannot be used. */
export function withLastGood(reading: RegistryReading, before: Registry): Registry {
  const { version, faults } = reading;
  const kept = <T>(of: RegistryFault['of'], now: readonly T[], earlier: readonly T[], name: (e: T) => string) => {
    const broken = faults.filter((fault) => fault.of === of).map((fault) => fault.name);
    if (broken.length === 0) return now;
    const there = new Set(now.map(name));
    // An entry whose name cannot be read may be any of those that are missing.
    const isBroken = (entry: T) => broken.includes(name(entry)) || broken.includes('');
    return [...now, ...earlier.filter((entry) => !there.has(name(entry)) && isBroken(entry))];
  };
  return {
    version,
    splits: kept('split', reading.splits, before.splits, ({ key }) => key),
    providers: kept('provider', reading.providers, before.providers, ({ name }) => name),
    dialects: kept('dialect', reading.dialects, before.dialects, ({ name }) => name),
    models: kept('model', reading.models, before.models, ({ alias, provider }) => `${alias} ${provider}`),
  };
}
