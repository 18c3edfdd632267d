import type { ModelTable } from '../models';

export const falModels: ModelTable = {
  'flux-schnell': { id: 'fal-ai/flux/schnell', usdPerMegapixel: 0.003 },
  'flux-dev': { id: 'fal-ai/flux/dev', usdPerMegapixel: 0.025 },
};
