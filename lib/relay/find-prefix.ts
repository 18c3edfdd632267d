import type { LiveSplit } from '@/lib/gateway/weights/live-split';
import type { SplitsInMemory } from '@/lib/gateway/weights/splits-in-memory';
import type { Dialect } from '@/lib/registry/dialects/dialect';
import type { Registry } from '@/lib/registry/registry';
import { dialectIn } from './dialects/dialects';

export interface Prefixed {
  /** As it stands in the path: `/kling`. */
  readonly prefix: string;
  /** All that its split has: a job of one is asked for under each. */
  readonly prefixes: readonly string[];
  readonly split: LiveSplit;
  /** Of its providers, which all speak one; null: none that is known here. */
  readonly dialect: Dialect | null;
}

/** The relays by their prefixes, as the registry has them now: one look-up by the first part of a path. */
export class Prefixes {
  private learnt: Registry | null = null;
  private byPrefix: ReadonlyMap<string, Prefixed> = new Map();

  constructor(private readonly splits: Pick<SplitsInMemory, 'registry' | 'all'>) {}

  /** By a target as it was sent, with or without a query. */
  find(target: string): Prefixed | undefined {
    const { registry } = this.splits;
    if (registry !== this.learnt) {
      this.learnt = registry;
      this.byPrefix = prefixesOf(registry, this.splits.all);
    }
    return this.byPrefix.size === 0 ? undefined : this.byPrefix.get(firstPart(target));
  }
}

function firstPart(target: string): string {
  const slash = target.indexOf('/', 1);
  const part = slash < 0 ? target : target.slice(0, slash);
  const mark = part.indexOf('?');
  return mark < 0 ? part : part.slice(0, mark);
}

function prefixesOf(registry: Registry, all: SplitsInMemory['all']): ReadonlyMap<string, Prefixed> {
  const { splits, providers } = registry;
  const found = new Map<string, Prefixed>();
  const dialects = new Map(providers.map(({ name, options }) => [name, options.dialect]));
  for (const { key, kind, archived, match, arms } of splits) {
    const split = all.get(key);
    if (kind !== 'relay' || archived || !split) continue;
    const spoken = String(arms.map(({ provider }) => dialects.get(provider)).find(Boolean) ?? 'generic');
    const dialect = dialectIn(registry, spoken) ?? null;
    const prefixes = match.prefixes ?? [];
    for (const prefix of prefixes) found.set(prefix, { prefix, prefixes, split, dialect });
  }
  return found;
}
