import type { ModelTable } from '../models';

// Every answer carries its cost, so no price list is needed.
export const runwareModels: ModelTable = {
  'flux-schnell': { id: 'runware:100@1', usdPerMegapixel: null },
  'flux-dev': { id: 'runware:101@1', usdPerMegapixel: null },
};
