import type { AttemptView } from '@/lib/api/views';
import type { ImageRequest } from '../models/image-request';
import { marksOf, type Way } from '../models/way';
import { assign, attempt } from './attempt';
import type { Generated } from './ending';
import type { GenerateParts, RoutedSplit, Sending } from './generate-parts';
import { recordEnd } from './record-attempt';

const images: Sending = { send: (lane, request, deadline) => lane.provider.generate(request, deadline) };

/**
 * What happens to a request, decided here and nowhere else:
 *
 * 1. It is assigned one arm of its split by the weights. That is its first attempt, whatever becomes of it.
 * 2. It moves on to the baseline, then to arms with a share, only when the attempt before surely did not start
 *    (no connection, an open breaker, a rate limit still running) or surely failed (the provider said so). Each
 *    provider is tried once, and once more only for another model that an arm pins, where the fault was not the
 *    provider's as a whole. Nothing is hedged, nothing is sent twice to one provider.
 * 3. A call that was sent and then timed out or broke off has an unknown outcome: the provider may still be making,
 *    and billing, the image. It ends the request (504, `outcome: unknown`) and is never submitted again unasked.
 * 4. A refusal by the content policy is the caller's matter: the answer, without failover and outside the failure rate.
 * 5. Every attempt is an event with its own latency, a rescued one included; a hung call counts at its timeout; an
 *    attempt that called no provider has no latency.
 * 6. An attempt has its deadline and the request has one over all. A caller that hangs up cancels nothing.
 * 7. What we did ourselves is no provider's: waiting for one of its connections counts against no deadline and no
 *    latency, and an attempt that this machine could not make, or that a process had to cut off when it ended, is an
 *    event of its own outside every provider's sample.
 * 8. What not every arm can be told goes to one that can (`way`), and no further than to those: outside every sample.
 */
export function generate(
  parts: GenerateParts,
  split: RoutedSplit,
  request: ImageRequest,
  user: string | null,
  way: Way = { kind: 'drawn' },
): Promise<Generated> {
  return carryOut(parts, images, split, request, user, way);
}

/** The same for whatever is sent. */
export async function carryOut(
  parts: GenerateParts,
  sending: Sending,
  split: RoutedSplit,
  request: ImageRequest,
  user: string | null,
  way: Way,
): Promise<Generated> {
  const startedMs = parts.clock.monotonic();
  const { routing, arms, events, slug, models } = split;
  const assigned = way.kind === 'pinned' ? way.arm : assign(routing, user);
  const attempts: AttemptView[] = [];
  const userHash = user === null ? undefined : parts.users.of(user);
  const marks = marksOf(models, request, way, userHash);
  const underway = {
    parts,
    sending,
    split,
    models,
    request,
    fits: way.kind === 'drawn' ? way.fits : undefined,
    marks,
    routing,
    arms,
    assigned,
    attempts,
    startedMs,
    queuedMs: 0,
    mayBePaid: false,
  };
  const { ending, arm, fit } = await attempt(underway);
  const latencyMs = parts.clock.monotonic() - startedMs;
  const facts = { request, marks, names: events, assigned, arm, routing, attempts: attempts.length, latencyMs };
  const addressesForMs = split.addressesForMs ?? parts.addressesForMs;
  recordEnd(parts.events, facts, ending, addressesForMs && parts.clock.now() + addressesForMs);
  const weightsVersion = routing?.version ?? null;
  return {
    ending,
    split: slug,
    arm,
    assigned,
    attempts,
    latencyMs,
    weightsVersion,
    mayBePaid: underway.mayBePaid,
    pinned: marks.pinned_by,
    dropped: fit?.dropped,
    mapped: fit?.mapped,
  };
}
