import type { Dialect } from '@/lib/registry/dialects/dialect';
import { noJobs, usualPace } from './rules';

/** Whatever it is: every request is one like the others, and nothing is a job. */
export const generic: Dialect = {
  name: 'generic',
  ...noJobs,
  pace: usualPace,
  error: {
    body: {
      ...{ type: 'about:blank', title: '{code}', status: '{status}', detail: '{sentence}', code: '{code}' },
      request_id: '{request_id}',
    },
  },
};
