import { firstSplit } from '@/lib/split/split-key';
import type { ModelEntry, ProviderEntry, Registry } from './registry';
import { shippedModels } from './shipped-models/shipped-models';

const provider = (name: string, label: string, deprecated: boolean): ProviderEntry => ({
  ...{ name, adapter: name, label, baseUrl: null, options: {}, state: 'active', deprecated },
});
const arm = (name: string) => ({ name, provider: name, model: null, params: {} });

/** As the database orders them. */
const models = shippedModels
  .map((row): ModelEntry => ({ ...row, shipped: true }))
  .sort((a, b) => (a.alias === b.alias ? (a.provider < b.provider ? -1 : 1) : a.alias < b.alias ? -1 : 1));

/** What a fresh database holds, for a process that has not reached one yet. */
export const shippedRegistry: Registry = {
  version: 0,
  splits: [
    {
      ...{ key: firstSplit, slug: 'gen', kind: 'image', label: 'Images', match: {} },
      ...{ isDefault: true, archived: false, arms: [arm('fal'), arm('runware')] },
    },
  ],
  providers: [provider('fal', 'FAL', false), provider('runware', 'Runware', true)],
  models,
  dialects: [],
};
