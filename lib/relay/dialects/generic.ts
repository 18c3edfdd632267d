import type { Dialect } from '../dialect';
import { noJobs, usualPace } from './rules';

/** Whatever it is: every request is one like the others, and nothing is a job. */
export const generic: Dialect = {
  name: 'generic',
  ...noJobs,
  pace: usualPace,
  error: ({ status, sentence, code, requestId }) => ({
    status,
    body: { type: 'about:blank', title: code, status, detail: sentence, code, request_id: requestId },
  }),
};
