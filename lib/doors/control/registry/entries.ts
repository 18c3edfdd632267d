import type { ArmView, ModelView, ProviderEntryView } from '@/lib/api/splits-view';
import type { Controls } from '@/lib/control/splits/controls';
import { Refusal } from '@/lib/kernel/refusal';
import type { ArmEntry, ModelEntry, ProviderEntry, Registry, SplitEntry } from '@/lib/registry/registry';

export const armView = ({ name, provider, model, params }: ArmEntry): ArmView => ({ name, provider, model, params });

export function providerView(provider: ProviderEntry, { splits }: Pick<Registry, 'splits'>): ProviderEntryView {
  const { name, adapter, label, baseUrl, options, state, deprecated } = provider;
  const arms = splits.flatMap((split) =>
    split.arms.filter((arm) => arm.provider === name).map((arm) => ({ split: split.slug, name: arm.name })),
  );
  return { name, adapter, label, base_url: baseUrl, options, state, deprecated, arms };
}

export function modelView({ providerModel, ...model }: ModelEntry): ModelView {
  return { ...model, provider_model: providerModel };
}

interface WrittenArm {
  readonly provider: string;
  readonly model?: string | null | undefined;
  readonly params?: Readonly<Record<string, unknown>> | undefined;
}

export function armEntry(name: string, { provider, model = null, params = {} }: WrittenArm): ArmEntry {
  return { name, provider, model, params };
}

/** A split as the registry has it now, and the registry's version. */
export async function entryOf(
  { registry }: Pick<Controls, 'registry'>,
  key: string,
): Promise<{ readonly split: SplitEntry; readonly version: number }> {
  const { splits, version } = await registry.read();
  const split = splits.find((one) => one.key === key);
  if (split === undefined) throw new Refusal('unknown-split', `There is no split ${key}.`);
  return { split, version };
}
