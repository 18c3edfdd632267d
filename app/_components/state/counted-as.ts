import type { RedLineView } from '@/lib/api/snapshot';
import { countedBy } from '@/lib/split/policy/metrics';

export const countedAs = (redLines: readonly Pick<RedLineView, 'metric'>[]): 'jobs' | 'requests' =>
  countedBy({ redLines });
