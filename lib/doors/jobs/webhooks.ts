import { z } from 'zod';
import type { Handler } from '@/lib/http/message';
import { Problem } from '@/lib/http/problem';
import { webhookFolder } from '@/lib/jobs/webhooks/webhook-address';
import { decoded } from '@/lib/kernel/plain-text';
import type { DataPlaneDoor, OpenRoute } from '../data-route';

/** Of a vendor's own answer, which it sends along. */
const limitBytes = 2 * 1024 * 1024;

function webhookHandler({ jobs, log }: DataPlaneDoor): Handler {
  return async (arriving) => {
    const [provider = '', job = ''] = arriving.path
      .slice(webhookFolder.length)
      .split('/')
      .map((part) => decoded(part) ?? '');
    if (jobs === null) throw new Problem(503, 'no-store', 'Jobs are kept in a database, and none is set here.');
    const taken = await jobs.webhooks.take({
      ...{ provider, job, token: arriving.query.get('token') ?? '' },
      header: (name) => arriving.header(name),
      body: async () => (await arriving.received()).body,
    });
    const detail = 'why' in taken ? `The news was not taken: ${taken.why}.` : '';
    if (taken.kind === 'refused') {
      log.warn({ provider, job, why: taken.why }, 'news of a job was refused');
      throw new Problem(401, 'webhook-refused', detail);
    }
    if (taken.kind === 'later') throw new Problem(503, 'webhook-later', detail, { headers: { 'retry-after': '10' } });
    return { status: 204, headers: { 'x-request-id': arriving.requestId }, body: null };
  };
}

export const webhookRoute: OpenRoute = {
  ...({ method: 'POST', access: 'public', limitBytes } as const),
  path: `${webhookFolder}{job}`,
  summary: 'Where a provider says that a job has news; the job is looked at then',
  query: z.object({ token: z.string().describe('of this job alone; it came with the address') }),
  answers: { 204: { description: 'Heard', schema: z.null(), mediaType: 'application/json' } },
  refusals: [401, 503],
  open: webhookHandler,
};
