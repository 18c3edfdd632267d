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

/** Providers bill begun megapixels. */
export function listPriceUsd(
  model: ProviderModel,
  images: readonly { width: number; height: number }[],
): number | null {
  const { usdPerMegapixel } = model;
  if (usdPerMegapixel === null) return null;
  return images.reduce((sum, { width, height }) => sum + Math.ceil((width * height) / 1e6) * usdPerMegapixel, 0);
}
