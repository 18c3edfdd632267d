import type { AttemptView } from '@/lib/api/views';
import type { Clock } from '@/lib/kernel/clock';
import type { RunningDeadline, StartDeadline } from '@/lib/kernel/deadline';
import type { EventQueue } from '@/lib/log/event-queue';
import type { ImageRequest, ProviderResult } from '../providers/provider';
import type { Routing } from '../weights/routing';
import type { Ending, Generated } from './ending';
import type { Lane, Pass, Turn } from './lane';
import { type AttemptFacts, type Marks, recordAttempt, recordEnd, recordQueued, recordSkip } from './record-attempt';
import type { UserHash } from './user-hash';

/** Every call and every wait that runs now, so that a process which must end can end them and write down how they stood. */
export class RunningCalls {
  private readonly running = new Set<RunningDeadline>();
  private hasCut = false;

  /** From then on nothing is begun. */
  get isCut(): boolean {
    return this.hasCut;
  }

  get size(): number {
    return this.running.size;
  }

  begin(deadline: RunningDeadline): void {
    this.running.add(deadline);
    if (this.hasCut) deadline.cut();
  }

  end(deadline: RunningDeadline): void {
    this.running.delete(deadline);
    deadline.clear();
  }

  cut(): void {
    this.hasCut = true;
    for (const deadline of this.running) deadline.cut();
  }
}

/** What `generate` works with; one of it in each process. */
export interface GenerateParts {
  /** Swapped whole: a request reads it once. */
  readonly weights: { readonly routing: Routing };
  readonly lanes: ReadonlyMap<string, Lane>;
  readonly events: EventQueue;
  readonly clock: Clock;
  readonly startDeadline: StartDeadline;
  readonly attemptWithinMs: number;
  readonly requestWithinMs: number;
  /** How long a request may wait for connections, in all. */
  readonly queueWithinMs: number;
  readonly calls: RunningCalls;
  readonly users: UserHash;
  /** Our own name of a model that every provider names differently. */
  readonly aliasOf: (model: string | undefined) => string;
}

/** The least time worth starting a call with. */
const leastMs = 50;

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
 * 7. What we did ourselves is no provider's: waiting for one of its connections counts against no deadline and no
 *    latency, and an attempt that this machine could not make, or that a process had to cut off when it ended, is an
 *    event of its own outside every provider's sample.
 */
export async function generate(parts: GenerateParts, request: ImageRequest, user: string | null): Promise<Generated> {
  const startedMs = parts.clock.monotonic();
  const routing = parts.weights.routing;
  const assigned = assign(routing, user);
  const attempts: AttemptView[] = [];
  const marks = marksOf(parts, request, user);
  const ending = await attempt({ parts, request, marks, routing, assigned, attempts, startedMs, queuedMs: 0 });
  const latencyMs = parts.clock.monotonic() - startedMs;
  recordEnd(parts.events, { request, marks, assigned, routing, attempts: attempts.length, latencyMs }, ending);
  return { ending, assigned, attempts, latencyMs, weightsVersion: routing.version };
}

/** The price of an image is that of its model and of its size, at every provider. */
function marksOf(parts: GenerateParts, { model, width, height }: ImageRequest, user: string | null): Marks {
  const size = `${width}x${height}`;
  return { user_hash: parts.users.of(user), size, price_key: `${parts.aliasOf(model)} ${size}` };
}

/** One request while its attempts are made. */
interface Underway {
  readonly parts: GenerateParts;
  readonly request: ImageRequest;
  readonly marks: Marks;
  readonly routing: Routing;
  readonly assigned: string;
  readonly attempts: AttemptView[];
  readonly startedMs: number;
  /** How long it has waited for connections so far. */
  queuedMs: number;
}

async function attempt(underway: Underway): Promise<Ending> {
  const { parts, request, marks, routing, assigned, attempts, startedMs } = underway;
  const first = parts.lanes.get(assigned);
  if (!first) return { kind: 'unavailable', retryAfterMs: 30_000, noKeys: true };
  first.assigned += 1;
  let last: Ending = { kind: 'unavailable', retryAfterMs: 1000 };
  let called = 0;
  for (const name of routing.order.get(assigned) ?? [assigned]) {
    const lane = parts.lanes.get(name);
    const leftMs = parts.requestWithinMs - (parts.clock.monotonic() - startedMs - underway.queuedMs);
    if (!lane || leftMs < leastMs) break;
    const facts: AttemptFacts = { request, marks, attempt: attempts.length + 1, provider: name, assigned, routing };
    const entered = await enter(underway, lane, facts);
    if (entered === null) continue;
    if ('ending' in entered) return entered.ending;
    called += 1;
    const result = await call(parts, lane, request, leftMs);
    lane.leave(entered.pass, result, parts.clock.monotonic());
    attempts.push(recordAttempt(parts.events, facts, result));
    last = endingOf(result);
    const goesOn = last.kind === 'failed' || (last.kind === 'local' && !parts.calls.isCut);
    if (!goesOn) return last;
  }
  return isTheWholeStory(last, called, attempts) ? last : unavailable(parts, attempts);
}

type Entered = { readonly pass: Pass } | { readonly ending: Ending } | null;

/** Whether the provider may be called now, after a wait for a connection if need be; null: no, and the next one may. */
async function enter(underway: Underway, lane: Lane, facts: AttemptFacts): Promise<Entered> {
  const { parts, attempts } = underway;
  let pass = lane.enter(parts.clock.monotonic());
  if (pass === 'full') {
    const turn = await queueFor(parts, lane, parts.queueWithinMs - underway.queuedMs);
    underway.queuedMs += turn.waitedMs;
    if (turn.fault) {
      attempts.push(recordQueued(parts.events, facts, turn));
      return { ending: { kind: 'local', provider: facts.provider, ...turn.fault } };
    }
    facts.queuedMs = turn.waitedMs;
    pass = turn.pass;
  }
  if (typeof pass !== 'object') return { pass };
  attempts.push(recordSkip(parts.events, facts, pass));
  return null;
}

async function queueFor(parts: GenerateParts, lane: Lane, withinMs: number): Promise<Turn> {
  const fromMs = parts.clock.monotonic();
  const deadline = parts.startDeadline(Math.max(1, withinMs));
  parts.calls.begin(deadline);
  const hasSlot = await lane.slots.wait(deadline.signal);
  parts.calls.end(deadline);
  const nowMs = parts.clock.monotonic();
  const waitedMs = nowMs - fromMs;
  lane.noteWait(waitedMs, !hasSlot, nowMs);
  if (hasSlot) return { waitedMs, pass: lane.enterWithSlot(nowMs) };
  const all = `all ${lane.slots.most} connections to ${lane.provider.name} were in use`;
  const message = `not called: ${all} for ${Math.round(waitedMs)} ms`;
  if (!parts.calls.isCut) return { waitedMs, fault: { errorKind: 'queue_timeout', message } };
  return { waitedMs, fault: { errorKind: 'cut', message: `${message}, until this process had to end` } };
}

/**
 * One failure that nobody could rescue is that provider's; more than one, or an open breaker, is everybody's. A rate
 * limit says when to come back, and so do we. What was ours alone stays ours.
 */
function isTheWholeStory(last: Ending, called: number, attempts: readonly AttemptView[]): boolean {
  if (called !== attempts.length) return false;
  if (last.kind === 'local') return attempts.every(({ latency_ms }) => latency_ms === null);
  return called === 1 && attempts[0]?.error_kind !== 'rate_limited';
}

/** '' when no provider has a key. */
function assign({ picker }: Routing, user: string | null): string {
  if (!picker) return '';
  return user === null ? picker.next() : picker.of(user);
}

async function call(parts: GenerateParts, lane: Lane, request: ImageRequest, leftMs: number): Promise<ProviderResult> {
  const deadline = parts.startDeadline(Math.min(parts.attemptWithinMs, leftMs));
  parts.calls.begin(deadline);
  try {
    return await lane.provider.generate(request, deadline.signal);
  } finally {
    parts.calls.end(deadline);
  }
}

function endingOf(result: ProviderResult): Ending {
  if (result.ok) return { kind: 'done', result };
  const { provider, message, errorKind } = result;
  if (result.refused) return { kind: 'refused', provider, message };
  if (result.started === 'unknown') return { kind: 'unknown', provider, message, errorKind };
  if (result.isOurs) return { kind: 'local', provider, message, errorKind };
  return { kind: 'failed', provider, message, errorKind };
}

function unavailable(parts: GenerateParts, attempts: readonly AttemptView[]): Ending {
  const now = parts.clock.monotonic();
  const waits = attempts.map(({ provider }) => parts.lanes.get(provider)?.retryAfterMs(now) ?? 0);
  return { kind: 'unavailable', retryAfterMs: Math.max(1000, Math.min(...waits)) };
}
