import type { DialectRules } from '@/lib/registry/dialects/dialect';
import type { Registry } from '@/lib/registry/registry';
import { dialectCalled, dialectNames } from './dialects';

export interface ShownDialect {
  readonly name: string;
  /** It came with Sluice, and cannot be changed. */
  readonly shipped: boolean;
  readonly rules: DialectRules;
  /** Who speaks it. */
  readonly providers: readonly string[];
}

/** Those that ship and those of the registry, as operators see them. */
export function allDialects({
  dialects,
  providers,
}: Pick<Registry, 'dialects' | 'providers'>): readonly ShownDialect[] {
  const speakers = (name: string) =>
    providers.filter((each) => each.adapter === 'relay' && each.options.dialect === name).map((each) => each.name);
  const shipped = dialectNames.flatMap((name) => {
    const { name: _, ...rules } = dialectCalled(name) ?? { name: '' };
    return 'creates' in rules ? [{ name, shipped: true, rules, providers: speakers(name) }] : [];
  });
  const own = dialects.map(({ name, rules }) => ({ name, shipped: false, rules, providers: speakers(name) }));
  return [...shipped, ...own];
}
