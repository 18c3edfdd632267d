import type { StoredState } from '../read-state';
import type { Imported } from './provider-of';

/** A name that a provider or a split may have, out of what people called a channel; '' where nothing of it is left. */
export function nameFrom(said: string): string {
  const plain = said
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '');
  return plain.slice(0, 24).replace(/-+$/, '');
}

/** Each channel's provider; the same again when it is imported again, and never one that is something else. */
export function providerNames(imported: readonly Imported[], { rows }: StoredState): ReadonlyMap<Imported, string> {
  const taken = new Map<string, string>();
  const used = new Set<string>();
  for (const row of rows)
    if (row.of === 'provider')
      taken.set(row.id[0] ?? '', `${row.values.adapter} ${row.values.baseUrl} ${row.values.label}`);
  const names = new Map<Imported, string>();
  for (const one of imported) {
    const { entry, channel } = one;
    const own = `${entry.adapter} ${entry.baseUrl} ${entry.label}`;
    const wanted = nameFrom(entry.label) || `channel-${channel.id}`;
    let name = wanted;
    for (let at = 1; (taken.get(name) ?? own) !== own || used.has(name); at += 1)
      name = at === 1 ? `${wanted}-${channel.id}` : `channel-${channel.id}-${at}`;
    used.add(name);
    names.set(one, name);
  }
  return names;
}
