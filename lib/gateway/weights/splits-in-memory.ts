import { type ChosenSplit, type SplitWish, splitChooser } from '@/lib/registry/choose-split';
import { withLastGood } from '@/lib/registry/last-good';
import type { RegistryFault, RegistryReading } from '@/lib/registry/read-registry';
import type { Registry } from '@/lib/registry/registry';
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
