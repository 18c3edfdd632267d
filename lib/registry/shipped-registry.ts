import { firstSplit } from '@/lib/split/split-key';
import type { ProviderEntry, Registry } from './registry';

const provider = (name: string, label: string, deprecated: boolean): ProviderEntry => ({
  ...{ name, adapter: name, label, baseUrl: null, options: {}, state: 'active', deprecated },
});
const arm = (name: string) => ({ name, provider: name, model: null, params: {} });

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
  models: [],
};
