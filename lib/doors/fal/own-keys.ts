import { falKeysAnswer } from '@/lib/api/answers/fal-queue';
import { json } from '@/lib/http/respond';
import type { OpenRoute } from '../data-route';
import { jobsOf } from '../jobs/order-job';
import { jsonOf } from '../route';

/** What our webhooks in FAL's way are verified by, where FAL's own clients would read FAL's. */
export const falKeysRoute: OpenRoute = {
  ...({ method: 'GET', access: 'public' } as const),
  path: '/fal/.well-known/jwks.json',
  summary: 'The public key that signs what `fal_webhook` is told (JWKS, Ed25519)',
  answers: { 200: jsonOf(falKeysAnswer) },
  open:
    ({ jobs }) =>
    async ({ requestId }) => {
      const { jwk } = await jobsOf(jobs).told.ownKey();
      const headers = { 'x-request-id': requestId, 'cache-control': 'public, max-age=3600' };
      return json(200, { keys: [jwk] }, headers);
    },
};
