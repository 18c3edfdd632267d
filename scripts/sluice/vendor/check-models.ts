import { rowFaults } from '@/lib/registry/check-model';
import type { ModelRow } from '@/lib/registry/model-row';
import type { ModelEntry, ProviderEntry } from '@/lib/registry/registry';
import { askVendor } from './ask-vendor';

export interface Checked {
  readonly alias: string;
  readonly provider: string;
  readonly id: string;
  /** `unread`: the vendor has a schema, and it could not be had; `none`: it has none. */
  readonly status: 'ok' | 'fault' | 'unread' | 'none';
  readonly faults: readonly string[];
}

const atOnce = 4;

/** Every row held against what its vendor says of the model, in the order of the rows. */
export async function checkModels(
  rows: readonly ModelEntry[],
  providers: readonly ProviderEntry[],
  usualOrigins: Readonly<Record<string, string>>,
): Promise<readonly Checked[]> {
  const checked: Checked[] = [];
  let next = 0;
  const work = async () => {
    while (next < rows.length) {
      const place = next++;
      const row = rows[place];
      if (row) checked[place] = await checkRow(row, providers, usualOrigins);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, rows.length) }, work));
  return checked;
}

async function checkRow(
  row: ModelEntry,
  providers: readonly ProviderEntry[],
  usualOrigins: Readonly<Record<string, string>>,
): Promise<Checked> {
  const { alias, provider, providerModel: id } = row;
  const of = providers.find(({ name }) => name === provider);
  const adapter = of?.adapter ?? null;
  const asked = await askVendor(adapter, id, of?.baseUrl ?? usualOrigins[adapter ?? ''] ?? '');
  const place = { alias, provider, id };
  if (asked.kind !== 'schema') return { ...place, status: asked.kind, faults: [asked.why] };
  const faults = rowFaults({ ...row, params: row.params as ModelRow['params'] }, adapter ?? '', asked.schema);
  return { ...place, status: faults.length === 0 ? 'ok' : 'fault', faults };
}
