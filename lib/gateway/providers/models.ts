import { excerpt } from '@/lib/kernel/excerpt';

/** One model as one provider knows it. */
export interface ProviderModel {
  readonly id: string;
  /** From the price list; null when it is not known. An estimate for answers that carry no cost. */
  readonly usdPerMegapixel: number | null;
}

/** Alias → model. What callers write; each provider translates it into its own name. */
export type ModelTable = Readonly<Record<string, ProviderModel>>;

const defaultModel = 'flux-schnell';

/** By alias or by the provider's own name. */
export function findModel(table: ModelTable, name: string | undefined): ProviderModel | null {
  const wanted = name ?? defaultModel;
  if (Object.hasOwn(table, wanted)) return table[wanted] ?? null;
  return Object.values(table).find((model) => model.id === wanted) ?? null;
}

/** What finds the alias of a model in these tables, by either of its names. */
export function aliasesIn(tables: readonly ModelTable[]): (model: string | undefined) => string {
  return (model) => {
    const wanted = model ?? defaultModel;
    for (const table of tables) {
      if (Object.hasOwn(table, wanted)) return wanted;
      const [alias] = Object.entries(table).find(([, { id }]) => id === wanted) ?? [];
      if (alias !== undefined) return alias;
    }
    return wanted;
  };
}

/** Said before any call: a request must be servable by every provider it may be routed to. Null when it is. */
export function modelFaultsIn(
  tables: Readonly<Record<string, ModelTable>>,
): (model: string | undefined) => string | null {
  const faultOf = (model: string | undefined) => {
    const without = Object.keys(tables).filter((name) => findModel(tables[name] ?? {}, model) === null);
    if (without.length === 0) return null;
    const known = Object.entries(tables).map(([name, table]) => `${name}: ${Object.keys(table).join(', ') || 'none'}`);
    return `model '${excerpt(model ?? '')}' is not known to ${without.join(' and ')}; known are ${known.join('; ')}`;
  };
  const usual = faultOf(undefined);
  return (model) => (model === undefined ? usual : faultOf(model));
}

/** Providers bill begun megapixels. */
export function listPriceUsd(
  model: ProviderModel,
  images: readonly { width: number; height: number }[],
): number | null {
  const { usdPerMegapixel } = model;
  if (usdPerMegapixel === null) return null;
  return images.reduce((sum, { width, height }) => sum + Math.ceil((width * height) / 1e6) * usdPerMegapixel, 0);
}
