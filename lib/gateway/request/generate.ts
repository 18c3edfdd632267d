import type { AttemptView } from '@/lib/api/views';
import type { Clock } from '@/lib/kernel/clock';
import type { StartDeadline } from '@/lib/kernel/deadline';
import type { EventQueue } from '@/lib/log/event-queue';
import type { ArmEntry } from '@/lib/registry/registry';
import type { ImageRequest, ProviderResult } from '../providers/provider';
import type { Routing } from '../weights/routing';
import { type Ending, endingOf, type Generated } from './ending';
import type { Lane, Pass, Turn } from './lane';
import {
  type AttemptFacts,
  type EventNames,
  type Marks,
  recordAttempt,
  recordEnd,
  recordQueued,
  recordSkip,
} from './record-attempt';
import type { RunningCalls } from './running-calls';
import { Tried } from './tried';
import type { UserHash } from './user-hash';

/** What `generate` works with; one of it in each process. */
export interface GenerateParts {
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

/** The split of a request, as it is routed now. */
export interface RoutedSplit {
  readonly slug: string;
  /** Swapped whole: a request reads it once. */
  readonly routing: Routing | null;
  readonly arms: ReadonlyMap<string, ArmEntry>;
  readonly events: EventNames;
  /** One more request was assigned to this arm. */
  count(arm: string): void;
}

/** The least time worth starting a call with. */
const leastMs = 50;

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
 *    attempt that called nobody has no latency.
 * 6. An attempt has its deadline and the request has one over all. A caller that hangs up cancels nothing.
 * 7. What we did ourselves is no provider's: waiting for one of its connections counts against no deadline and no
 *    latency, and an attempt that this machine could not make, or that a process had to cut off when it ended, is an
 *    event of its own outside every provider's sample.
 */
export async function generate(
  parts: GenerateParts,
  split: RoutedSplit,
  request: ImageRequest,
  user: string | null,
): Promise<Generated> {
  const startedMs = parts.clock.monotonic();
  const { routing, arms, events, slug } = split;
  const assigned = assign(routing, user);
  const attempts: AttemptView[] = [];
  const marks = marksOf(parts, request, user);
  const underway = { parts, split, request, marks, routing, arms, assigned, attempts, startedMs, queuedMs: 0 };
  const { ending, arm } = await attempt(underway);
  const latencyMs = parts.clock.monotonic() - startedMs;
  const facts = { request, marks, names: events, assigned, arm, routing, attempts: attempts.length, latencyMs };
  recordEnd(parts.events, facts, ending);
  return { ending, split: slug, arm, assigned, attempts, latencyMs, weightsVersion: routing?.version ?? null };
}

/** The price of an image is that of its model and of its size, at every provider. */
function marksOf(parts: GenerateParts, { model, width, height }: ImageRequest, user: string | null): Marks {
  const size = `${width}x${height}`;
  return { user_hash: parts.users.of(user), size, price_key: `${parts.aliasOf(model)} ${size}` };
}

/** One request while its attempts are made. */
interface Underway {
  readonly parts: GenerateParts;
  readonly split: RoutedSplit;
  readonly request: ImageRequest;
  readonly marks: Marks;
  readonly routing: Routing | null;
  readonly arms: ReadonlyMap<string, ArmEntry>;
  readonly assigned: string;
  readonly attempts: AttemptView[];
  readonly startedMs: number;
  /** How long it has waited for connections so far. */
  queuedMs: number;
}

/** How it ended, and at which arm. */
interface Outcome {
  readonly ending: Ending;
  readonly arm: ArmEntry;
}

async function attempt(underway: Underway): Promise<Outcome> {
  const { parts, split, routing, arms, assigned, attempts } = underway;
  const first = arms.get(assigned) ?? armCalled(assigned);
  const lane = parts.lanes.get(first.provider);
  if (!lane || !routing) return { arm: first, ending: { kind: 'unavailable', retryAfterMs: 30_000, noKeys: true } };
  split.count(assigned);
  lane.assigned += 1;
  let last: Outcome = { arm: first, ending: { kind: 'unavailable', retryAfterMs: 1000 } };
  let called = 0;
  const tried = new Tried();
  for (const name of routing.order.get(assigned) ?? [assigned]) {
    const arm = arms.get(name) ?? armCalled(name);
    if (!tried.allows(arm)) continue;
    const leftMs = timeLeft(underway);
    const made = leftMs < leastMs ? null : await attemptAt(underway, arm, routing, leftMs);
    if (made === null) break;
    if (made.isCalled) called += 1;
    if (made.ending) last = { arm, ending: made.ending };
    if (made.isLast) return last;
    tried.add(arm, attempts.at(-1)?.error_kind ?? null);
  }
  return isTheWholeStory(last.ending, called, attempts) ? last : { arm: first, ending: unavailable(parts, attempts) };
}

/** In the first split an arm that is not registered is the provider of its name. */
function armCalled(name: string): ArmEntry {
  return { name, provider: name, model: null, params: {} };
}

function timeLeft({ parts, startedMs, queuedMs }: Underway): number {
  return parts.requestWithinMs - (parts.clock.monotonic() - startedMs - queuedMs);
}

/** null: there is no such provider any more. `ending` is null where it was not called. */
interface Attempted {
  readonly isCalled: boolean;
  readonly ending: Ending | null;
  readonly isLast: boolean;
}

async function attemptAt(
  underway: Underway,
  arm: ArmEntry,
  routing: Routing,
  leftMs: number,
): Promise<Attempted | null> {
  const { parts, split, marks, assigned, attempts } = underway;
  const lane = parts.lanes.get(arm.provider);
  if (!lane) return null;
  const request = arm.model === null ? underway.request : { ...underway.request, model: arm.model };
  const facts: AttemptFacts = {
    ...{ request, marks, names: split.events, attempt: attempts.length + 1, arm, assigned, routing },
  };
  const entered = await enter(underway, lane, facts);
  if (entered === null) return { isCalled: false, ending: null, isLast: false };
  if ('ending' in entered) return { isCalled: false, ending: entered.ending, isLast: true };
  const result = await call(parts, lane, request, leftMs);
  lane.leave(entered.pass, result, parts.clock.monotonic());
  attempts.push(recordAttempt(parts.events, facts, result));
  const ending = endingOf(result);
  const goesOn = ending.kind === 'failed' || (ending.kind === 'local' && !parts.calls.isCut);
  return { isCalled: true, ending, isLast: !goesOn };
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
      return { ending: { kind: 'local', provider: facts.arm.provider, ...turn.fault } };
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

/** '' when no arm can be called. */
function assign(routing: Routing | null, user: string | null): string {
  const picker = routing?.picker;
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

function unavailable(parts: GenerateParts, attempts: readonly AttemptView[]): Ending {
  const now = parts.clock.monotonic();
  const waits = attempts.map(({ provider }) => parts.lanes.get(provider)?.retryAfterMs(now) ?? 0);
  return { kind: 'unavailable', retryAfterMs: Math.max(1000, Math.min(...waits)) };
}
