import type { ModelEntry, ProviderEntry } from '@/lib/registry/registry';
import { adapterOf } from '../providers/adapters';
import { type CompiledModel, compileModel } from './compile-model';
import { sizeText } from './compile-size';
import type { ImageRequest } from './image-request';

/** What a request is for that names no model. */
export const defaultModel = 'flux-schnell';

/** None of them where it is not known what is asked for, as in a relay. */
export interface PriceMarks {
  readonly size?: string | undefined;
  readonly price_key?: string | undefined;
}

/** Which fields can be sent to which arm: as the registry says, or all to all where none is read. */
export type Tellable = Pick<Models, 'of' | 'priceMarksOf'>;

/** Every model of the registry, by every name. Swapped whole; a row is compiled when it is first asked for. */
export class Models {
  private readonly entries = new Map<string, Map<string, ModelEntry>>();
  private readonly compiled = new Map<string, Map<string, CompiledModel | string>>();
  private readonly adapters: ReadonlyMap<string, string>;
  private readonly names = new Map<string, string>();
  private readonly priceMakers = new Map<string, readonly string[]>();

  constructor(rows: readonly ModelEntry[], providers: readonly ProviderEntry[]) {
    this.adapters = new Map(providers.map(({ name, adapter }) => [name, adapter ?? '']));
    for (const row of rows) {
      if (!row.enabled) continue;
      const ofProvider = this.entries.get(row.provider) ?? new Map<string, ModelEntry>();
      this.entries.set(row.provider, ofProvider.set(row.alias, row));
      this.names.set(row.alias, row.alias);
      const by = row.price?.by;
      if (Array.isArray(by))
        this.priceMakers.set(row.alias, [...new Set([...(this.priceMakers.get(row.alias) ?? []), ...by.map(String)])]);
    }
    // An alias is never hidden by what a provider calls another model.
    for (const { enabled, alias, providerModel } of rows)
      if (enabled && !this.names.has(providerModel)) this.names.set(providerModel, alias);
  }

  /** Our name of a model, whichever name it was asked for by; an unknown one stays as it is. */
  aliasOf(name: string | undefined): string {
    return this.names.get(name ?? defaultModel) ?? name ?? defaultModel;
  }

  /** By alias or by a provider's own name; null: this provider has it not. */
  of(provider: string, name: string | undefined): CompiledModel | null {
    const alias = this.aliasOf(name);
    const known = this.compiled.get(provider)?.get(alias);
    if (known !== undefined) return typeof known === 'string' ? null : known;
    const made = this.compile(provider, alias);
    return typeof made === 'string' ? null : made;
  }

  /** What an image is counted by: how large it is, and what its price depends on. */
  priceMarksOf(request: ImageRequest): PriceMarks {
    const size = sizeText(request);
    return { size, price_key: this.priceKeyOf(request, size) };
  }

  /** What the price of an image depends on, alike at every provider: its model, its size, and what a row's price names. */
  priceKeyOf(request: ImageRequest, size = sizeText(request)): string {
    const alias = this.aliasOf(request.model);
    const by = this.priceMakers.get(alias);
    const start = `${alias} ${size}`;
    if (by === undefined) return start;
    return [start, ...by.map((name) => `${name}=${String(request.params?.[name] ?? '-')}`)].join(' ');
  }

  /** The aliases that a provider has: its own rows, and those of the provider that is called like its adapter. */
  aliasesAt(provider: string): readonly string[] {
    const own = [...(this.entries.get(provider)?.keys() ?? [])];
    const usual = [...(this.entries.get(this.adapters.get(provider) ?? '')?.keys() ?? [])];
    return [...new Set([...own, ...usual])].sort();
  }

  /** Whether a row of a model has a rule for a parameter, at any provider. */
  declares(name: string | undefined, parameter: string): boolean {
    const alias = this.aliasOf(name);
    return [...this.entries.keys()].some((provider) => this.of(provider, alias)?.takes(parameter));
  }

  /** Every alias, once. */
  get aliases(): readonly string[] {
    return [...new Set([...this.entries.values()].flatMap((rows) => [...rows.keys()]))].sort();
  }

  /** Rows that cannot be used, in sentences. */
  faults(): readonly string[] {
    const rows = [...this.entries.values()].flatMap((ofProvider) => [...ofProvider.values()]);
    return rows
      .map(({ provider, alias }) => this.compile(provider, alias))
      .filter((model) => typeof model === 'string');
  }

  /** A second account at a vendor needs no rows of its own. */
  private compile(provider: string, alias: string): CompiledModel | string | null {
    const adapter = this.adapters.get(provider) ?? '';
    const entry = this.entries.get(provider)?.get(alias) ?? this.entries.get(adapter)?.get(alias);
    if (!entry) return null;
    const params = Object.keys(entry.params).length > 0 ? entry.params : (adapterOf(adapter)?.usualParams ?? {});
    const made = compileModel({ ...entry, provider, params }, adapter);
    this.compiled.set(provider, (this.compiled.get(provider) ?? new Map()).set(alias, made));
    return made;
  }
}
