import type { ImageRequest, ProviderResult, ProviderSuccess } from '@/lib/rollout/provider';
import type { EventQueue } from './event-queue';
import type { Lane } from './lane';
import type { Clock } from './ports';
import type { StartDeadline } from './ports/data-plane';
import { type AttemptFacts, recordAttempt, recordEnd, recordSkip } from './record-attempt';
import type { Routing } from './routing';

/**
 * What happens to a request, decided here and nowhere else:
 *
 * 1. It is assigned one provider by the weights. That is its first attempt, whatever becomes of it.
 * 2. It moves on to the baseline, then to providers with a share, only when the attempt before surely did not start
 *    (no connection, an open breaker, a rate limit still running) or surely failed (the provider said so). Each
 *    provider is tried once. Nothing is hedged, nothing is sent twice to one provider.
 * 3. A call that was sent and then timed out or broke off has an unknown outcome: the provider may still be making,
 *    and billing, the image. It ends the request (504, `outcome: unknown`) and is never submitted again unasked.
 * 4. A refusal by the content policy is the caller's matter: the answer, without failover and outside the failure rate.
 * 5. Every attempt is an event with its own latency, a rescued one included; a hung call counts at its timeout; an
 *    attempt that called nobody has no latency.
 * 6. An attempt has its deadline and the request has one over all. A caller that hangs up cancels nothing.
 */
export interface GenerateParts {
  readonly routing: () => Routing;
  readonly lanes: ReadonlyMap<string, Lane>;
  readonly events: EventQueue;
  readonly clock: Clock;
  readonly startDeadline: StartDeadline;
  readonly attemptWithinMs: number;
  readonly requestWithinMs: number;
}

export interface AttemptView {
  readonly attempt: number;
  readonly provider: string;
  readonly latency_ms: number | null;
  readonly error_kind: string | null;
  readonly error: string | null;
}

export type Ending =
  | { readonly kind: 'done'; readonly result: ProviderSuccess }
  | { readonly kind: 'refused'; readonly provider: string; readonly message: string }
  | { readonly kind: 'unknown'; readonly provider: string; readonly message: string }
  | { readonly kind: 'failed'; readonly provider: string; readonly message: string; readonly errorKind: string }
  | { readonly kind: 'unavailable'; readonly retryAfterMs: number; readonly noKeys?: true };

export interface Generated {
  readonly ending: Ending;
  readonly assigned: string;
  readonly attempts: readonly AttemptView[];
  readonly latencyMs: number;
  readonly weightsVersion: number | null;
}

/** The least time worth starting a call with. */
const leastMs = 50;

export async function generate(parts: GenerateParts, request: ImageRequest, user: string | null): Promise<Generated> {
  const startedMs = parts.clock.monotonic();
  const routing = parts.routing();
  const assigned = assign(routing, user);
  const attempts: AttemptView[] = [];
  const end = (ending: Ending): Generated => {
    const latencyMs = parts.clock.monotonic() - startedMs;
    recordEnd(parts.events, { request, assigned, routing, attempts: attempts.length, latencyMs }, ending);
    return { ending, assigned, attempts, latencyMs, weightsVersion: routing.version };
  };
  const first = parts.lanes.get(assigned);
  if (!first) return end({ kind: 'unavailable', retryAfterMs: 30_000, noKeys: true });
  first.assigned += 1;

  let last: Ending = { kind: 'unavailable', retryAfterMs: 1000 };
  let called = 0;
  for (const name of routing.order.get(assigned) ?? [assigned]) {
    const lane = parts.lanes.get(name);
    const leftMs = parts.requestWithinMs - (parts.clock.monotonic() - startedMs);
    if (!lane || leftMs < leastMs) break;
    const facts: AttemptFacts = { request, attempt: attempts.length + 1, provider: name, assigned, routing };
    const pass = lane.enter(parts.clock.monotonic());
    if (typeof pass === 'object') {
      attempts.push(recordSkip(parts.events, facts, pass));
      continue;
    }
    called += 1;
    const result = await call(parts, lane, request, leftMs);
    lane.leave(pass, result, parts.clock.monotonic());
    attempts.push(recordAttempt(parts.events, facts, result));
    const ending = endingOf(result);
    if (ending.kind !== 'failed') return end(ending);
    last = ending;
  }
  // One failure that nobody could rescue is that provider's; more than one, or an open breaker, is everybody's.
  // A rate limit says when to come back, and so do we.
  const isAlone = called === 1 && attempts.length === 1;
  if (isAlone && attempts[0]?.error_kind !== 'rate_limited') return end(last);
  return end({ kind: 'unavailable', retryAfterMs: shortestWait(parts, attempts) });
}

/** '' when no provider has a key. */
function assign({ picker }: Routing, user: string | null): string {
  if (!picker) return '';
  return user === null ? picker.next() : picker.of(user);
}

async function call(parts: GenerateParts, lane: Lane, request: ImageRequest, leftMs: number): Promise<ProviderResult> {
  const deadline = parts.startDeadline(Math.min(parts.attemptWithinMs, leftMs));
  try {
    return await lane.provider.generate(request, deadline.signal);
  } finally {
    deadline.clear();
  }
}

function endingOf(result: ProviderResult): Ending {
  if (result.ok) return { kind: 'done', result };
  const { provider, message, errorKind } = result;
  if (result.refused) return { kind: 'refused', provider, message };
  if (result.started === 'unknown') return { kind: 'unknown', provider, message };
  return { kind: 'failed', provider, message, errorKind };
}

function shortestWait(parts: GenerateParts, attempts: readonly AttemptView[]): number {
  const now = parts.clock.monotonic();
  const waits = attempts.map(({ provider }) => parts.lanes.get(provider)?.retryAfterMs(now) ?? 0);
  return Math.max(1000, Math.min(...waits));
}
