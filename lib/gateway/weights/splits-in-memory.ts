import { globMatches } from '@/lib/registry/glob';
import { withLastGood } from '@/lib/registry/last-good';
import type { RegistryFault, RegistryReading } from '@/lib/registry/read-registry';
import type { Registry, SplitEntry, SplitKind } from '@/lib/registry/registry';
import { shippedRegistry } from '@/lib/registry/shipped-registry';
import { firstSplit } from '@/lib/split/split-key';
import { Models } from '../models/models';
import { LiveSplit, type SplitParts } from './live-split';
import type { WeightsInMemory } from './weights-in-memory';

/** Every split this process routes, by the last good registry it has seen. Reading it costs a request nothing. */
export class SplitsInMemory {
  private byKey = new Map<string, LiveSplit>();
  private known: Registry = { ...shippedRegistry, version: -1 };
  private told: readonly RegistryFault[] = [];
  private modelsNow = new Models([], []);
  private modelsTold = '';
  private choosing: (wish: SplitWish) => ChosenSplit = splitChooser(shippedRegistry, () => true);

  constructor(private readonly parts: SplitParts) {
    this.learn({ ...shippedRegistry, faults: [] });
  }

  /** The split that is always there. */
  get first(): LiveSplit & { readonly weights: WeightsInMemory } {
    return this.byKey.get(firstSplit) as LiveSplit & { readonly weights: WeightsInMemory };
  }

  get all(): ReadonlyMap<string, LiveSplit> {
    return this.byKey;
  }

  get registry(): Registry {
    return this.known;
  }

  /** What of the registry cannot be used; the last good entries stand in. */
  get faults(): readonly RegistryFault[] {
    return this.told;
  }

  faultOf(key: string): string | null {
    return this.told.find((fault) => fault.of === 'split' && fault.name === key)?.sentence ?? null;
  }

  /** Archived splits are kept: what runs in them ends as it began. */
  learn(reading: RegistryReading): void {
    const registry = withLastGood(reading, this.known);
    const splits = registry.splits.some(({ key }) => key === firstSplit)
      ? registry.splits
      : [...shippedRegistry.splits, ...registry.splits];
    this.known = { ...registry, splits };
    this.told = reading.faults;
    const before = this.byKey;
    this.byKey = new Map();
    const about = JSON.stringify(this.known.providers);
    const models = this.learnModels(registry, about);
    for (const entry of splits) {
      const split = before.get(entry.key) ?? new LiveSplit(entry, this.parts);
      split.know(models);
      split.learn(entry, this.known, about);
      this.byKey.set(entry.key, split);
    }
    this.choosing = splitChooser(this.known, (key) => this.byKey.get(key)?.weights != null);
  }

  /** The same models keep their index: most changes of a registry are of weights and arms. */
  private learnModels({ models, providers }: Registry, about: string): Models {
    // A store or a file of an earlier version has none.
    const rows = models.length > 0 ? models : shippedRegistry.models;
    const told = JSON.stringify(rows) + about;
    if (told !== this.modelsTold) {
      this.modelsTold = told;
      this.modelsNow = new Models(rows, providers);
    }
    return this.modelsNow;
  }

  get models(): Models {
    return this.modelsNow;
  }

  /** Lanes came, went or changed. */
  refit(): void {
    for (const split of this.byKey.values()) split.refit();
  }

  /** The store has said what it says of all of them. */
  confirm(): void {
    for (const { weights } of this.byKey.values()) weights?.confirm();
  }

  choose(wish: SplitWish): LiveSplit | string {
    const chosen = this.choosing(wish);
    if (!chosen.ok) return chosen.sentence;
    return this.byKey.get(chosen.split.key) ?? this.first;
  }
}

/** What a request says of its split. */
interface SplitWish {
  readonly kind: SplitKind;
  /** By slug; null: it says nothing. */
  readonly slug: string | null;
  /** As the caller wrote it, and our alias of it. */
  readonly models: readonly string[];
}

type ChosenSplit =
  | { readonly ok: true; readonly split: SplitEntry }
  | { readonly ok: false; readonly sentence: string };

const mostNamed = 20;
const mostKnown = 1000;

interface Glob {
  readonly split: SplitEntry;
  readonly pattern: string;
}

/** The longest pattern wins, and of equals the first slug. */
function longestFirst(a: Glob, b: Glob): number {
  return b.pattern.length - a.pattern.length || (a.split.slug < b.split.slug ? -1 : 1);
}

/** Finds the split of a request; made once for each registry, since every request asks. */
export function splitChooser({ splits }: Pick<Registry, 'splits'>, isReady: (key: string) => boolean) {
  const bySlug = new Map(splits.map((split) => [split.slug, split]));
  const live = splits.filter(({ archived }) => !archived);
  const globs = live.flatMap((split) => (split.match.models ?? []).map((pattern) => ({ split, pattern })));
  const defaults = new Map(live.filter(({ isDefault }) => isDefault).map((split) => [split.kind, split]));
  // A few models make nearly all requests: each is matched once.
  const known = new Map<string, readonly Glob[]>();
  const matching = (model: string): readonly Glob[] => {
    const found = known.get(model) ?? globs.filter(({ pattern }) => globMatches(pattern, model));
    if (known.size >= mostKnown) known.clear();
    known.set(model, found);
    return found;
  };
  // What is not ready yet takes no request that did not name it.
  const longestReady = ({ kind, models }: SplitWish): SplitEntry | undefined => {
    const fit = models.flatMap(matching).filter(({ split }) => split.kind === kind && isReady(split.key));
    return fit.length < 2 ? fit[0]?.split : fit.sort(longestFirst)[0]?.split;
  };
  return (wish: SplitWish): ChosenSplit => {
    if (wish.slug !== null) return named(bySlug.get(wish.slug), wish, live);
    const split = longestReady(wish) ?? defaults.get(wish.kind);
    if (split) return { ok: true, split };
    return {
      ok: false,
      sentence: `Name a split: no default one is set for kind ${wish.kind}. ${thereAre(wish, live)}`,
    };
  };
}

function named(split: SplitEntry | undefined, wish: SplitWish, live: readonly SplitEntry[]): ChosenSplit {
  if (!split) return { ok: false, sentence: `There is no split '${wish.slug}'. ${thereAre(wish, live)}` };
  if (split.archived) return { ok: false, sentence: `The split '${wish.slug}' is archived. ${thereAre(wish, live)}` };
  if (split.kind === wish.kind) return { ok: true, split };
  const sentence = `The split '${wish.slug}' is of kind ${split.kind}, and this is a request of kind ${wish.kind}.`;
  return { ok: false, sentence: `${sentence} ${thereAre(wish, live)}` };
}

function thereAre({ kind }: SplitWish, live: readonly SplitEntry[]): string {
  const slugs = live.filter((split) => split.kind === kind).map(({ slug }) => slug);
  const shown = slugs.sort().slice(0, mostNamed).join(', ');
  const more = slugs.length > mostNamed ? ` and ${slugs.length - mostNamed} more` : '';
  return slugs.length === 0 ? `There is none of kind ${kind}.` : `There are: ${shown}${more}.`;
}
