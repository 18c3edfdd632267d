import type { RedLineView } from '@/lib/api/snapshot';
import { judgedBy } from '@/lib/split/policy/metrics';

/** What is counted where these lines judge: of a split of jobs it is what was ordered. */
export const countedAs = (redLines: readonly Pick<RedLineView, 'metric'>[]): 'jobs' | 'requests' =>
  judgedBy({ redLines }) === 'job' ? 'jobs' : 'requests';
