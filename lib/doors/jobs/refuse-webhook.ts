import { inputAddressFault } from '@/lib/gateway/models/input-image';
import { invalid } from '@/lib/http/body/read-fields';
import { Problem } from '@/lib/http/problem';
import type { JobParts } from '@/lib/jobs/create-job';
import type { JobDoor } from '@/lib/jobs/job-view';
import { excerpt } from '@/lib/kernel/excerpt';
import { webhookUrlFault } from '@/lib/notify/webhook-url';

interface Asked {
  readonly url: string;
  readonly door: JobDoor;
  readonly caller: string;
  readonly allowPrivate: boolean;
}

/** Where webhooks are off, or could not be signed: said before anything is ordered. */
export async function refuseWebhook(jobs: Pick<JobParts, 'told'>, asked: Asked): Promise<void> {
  const { url, door, caller, allowPrivate } = asked;
  const fault = await addressFault(url, allowPrivate);
  if (door === 'fal') {
    if (fault === null) return;
    throw new Problem(422, 'request-invalid', `fal_webhook is not taken: ${fault}. No job was made.`);
  }
  if (fault !== null) throw invalid([{ pointer: '/webhook', detail: `is not taken: ${fault}` }]);
  if (await jobs.told.hasSecret(caller)) return;
  const detail = `is not taken: no secret signs what ${excerpt(caller)} is told; make one with \`sluice callers webhook-secret ${excerpt(caller)}\``;
  throw invalid([{ pointer: '/webhook', detail }]);
}

/** A name that does not resolve now may do so when there is something to tell; it is judged again then. */
async function addressFault(url: string, allowPrivate: boolean): Promise<string | null> {
  const fault = webhookUrlFault(url, allowPrivate);
  if (fault !== null) return fault;
  // The parser forgives too few or too many slashes; who is told is read from the address as it is written.
  if (!/^https?:\/\/[^/]/i.test(url)) return 'the URL has no host after https://';
  if (allowPrivate) return null;
  return (await inputAddressFault(url)) === null ? null : 'the URL leads to an address that is not public';
}
