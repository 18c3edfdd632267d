import type { AttemptView } from '@/lib/api/views';
import type { ArmEntry } from '@/lib/registry/registry';
import type { CompiledModel, VendorRequest } from '../models/compile-model';
import type { ImageRequest } from '../models/image-request';
import type { Tellable } from '../models/models';
import { type Fit, fitOf, isSendable, type Marks, type Told, toldOf } from '../models/way';
import type { ProviderResult } from '../providers/provider';
import type { Routing } from '../weights/routing';
import type { Ending } from './ending';
import type { GenerateParts, RoutedSplit, Sending } from './generate-parts';
import type { Lane, Pass } from './lane';
import { queueFor } from './queue-for';
import { type AttemptFacts, recordAttempt, recordBarred, recordQueued, recordSkip } from './record-attempt';

/** The least time worth starting a call with. */
const leastMs = 50;

/** One request while its attempts are made. */
interface Underway {
  readonly parts: GenerateParts;
  readonly sending: Sending;
  readonly split: RoutedSplit;
  readonly models: Tellable;
  readonly request: ImageRequest;
  /** As they were found when its way was decided. */
  readonly fits: readonly Fit[] | undefined;
  readonly marks: Marks;
  readonly routing: Routing | null;
  readonly arms: ReadonlyMap<string, ArmEntry>;
  readonly assigned: string;
  readonly attempts: AttemptView[];
  readonly startedMs: number;
  /** How long it has waited for connections so far. */
  queuedMs: number;
  /** A provider began to make it, and may bill what it did not deliver. */
  mayBePaid: boolean;
}

/** How it ended, and at which arm. */
interface Outcome {
  readonly ending: Ending;
  readonly arm: ArmEntry;
  /** What became of the request on its way there; undefined where nothing was sent. */
  readonly fit?: Told | undefined;
}

export async function attempt(underway: Underway): Promise<Outcome> {
  const { parts, split, routing, arms, assigned, attempts, marks, models, fits } = underway;
  const first = arms.get(assigned) ?? armCalled(assigned);
  const lane = parts.lanes.get(first.provider);
  if (!lane || !routing) return { arm: first, ending: { kind: 'unavailable', retryAfterMs: 30_000, noKeys: true } };
  if (marks.pinned === undefined) {
    split.count(assigned);
    lane.assigned += 1;
  }
  let last: Outcome = { arm: first, ending: { kind: 'unavailable', retryAfterMs: 1000 } };
  let called = 0;
  const tried = new Tried();
  for (const name of routing.order.get(assigned) ?? [assigned]) {
    const arm = arms.get(name) ?? armCalled(name);
    if (!tried.allows(arm)) continue;
    const fit = fits?.find((each) => each.arm === arm) ?? fitOf(models, arm, underway.request);
    if (!isSendable(fit)) continue;
    const leftMs = timeLeft(underway);
    const made = leftMs < leastMs ? null : await attemptAt(underway, fit, routing, leftMs);
    if (made === null) break;
    if (made.isCalled) called += 1;
    if (made.ending) last = { arm, ending: made.ending, fit: made.told };
    if (made.isLast) return last;
    tried.add(arm, made.isBarred === true ? null : (attempts.at(-1)?.error_kind ?? null));
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
  readonly told?: Told;
  readonly isCalled: boolean;
  /** By what its model would cost: no attempt, and no word of its provider. */
  readonly isBarred?: true;
  readonly ending: Ending | null;
  readonly isLast: boolean;
}

async function attemptAt(
  underway: Underway,
  fit: Fit & { readonly model: CompiledModel },
  routing: Routing,
  leftMs: number,
): Promise<Attempted | null> {
  const { parts, sending, split, marks, assigned, attempts } = underway;
  const { arm, model, request, lost } = fit;
  const lane = parts.lanes.get(arm.provider);
  if (!lane) return null;
  const { fields, mapped } = model.tell(request, lost);
  const told = toldOf(fit, mapped);
  const facts: AttemptFacts = {
    request,
    model,
    marks,
    told,
    names: split.events,
    attempt: attempts.length + 1,
    arm,
    assigned,
    routing,
  };
  // One instant for both questions to the lane: a job that it lets in was written down before.
  const nowMs = parts.clock.monotonic();
  // Before it holds one of the provider's connections: no image waits for a write of a job's.
  const barred = sending.aim && !lane.isOpen(nowMs) ? await sending.aim(lane, facts) : null;
  if (barred !== null) {
    recordBarred(parts.events, facts, barred);
    return { isCalled: false, isBarred: true, ending: null, isLast: false };
  }
  const entered = await enter(underway, lane, facts, nowMs);
  if (entered === null) return { isCalled: false, ending: null, isLast: false };
  if ('ending' in entered) return { isCalled: false, ending: entered.ending, isLast: true };
  const result = await call(underway, lane, { model, request, fields }, leftMs, facts);
  if (!result.ok && result.started !== 'no') underway.mayBePaid = true;
  lane.leave(entered.pass, result, parts.clock.monotonic());
  attempts.push(recordAttempt(parts.events, facts, result));
  const ending = endingOf(result);
  const isOver = !result.ok && (result.isPassed || result.isSpent);
  const goesOn = !isOver && (ending.kind === 'failed' || (ending.kind === 'local' && !parts.calls.isCut));
  return { isCalled: true, ending, isLast: !goesOn, told };
}

type Entered = { readonly pass: Pass } | { readonly ending: Ending } | null;

/** Whether the provider may be called now, after a wait for a connection if need be; null: no, and the next one may. */
async function enter(underway: Underway, lane: Lane, facts: AttemptFacts, nowMs: number): Promise<Entered> {
  const { parts, attempts } = underway;
  let pass = lane.enter(nowMs);
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

/**
 * One failure that no other arm could make good is that provider's; several, or an open breaker, mean that none serves.
 * A rate limit says when to come back, and so do we. What was ours alone stays ours.
 */
function isTheWholeStory(last: Ending, called: number, attempts: readonly AttemptView[]): boolean {
  if (called !== attempts.length) return false;
  if (last.kind === 'local') return attempts.every(({ latency_ms }) => latency_ms === null);
  return called === 1 && attempts[0]?.error_kind !== 'rate_limited';
}

/** '' when no arm can be called. */
export function assign(routing: Routing | null, user: string | null): string {
  const picker = routing?.picker;
  if (!picker) return '';
  return user === null ? picker.next() : picker.of(user);
}

async function call(
  { parts, sending }: Underway,
  lane: Lane,
  request: VendorRequest,
  leftMs: number,
  facts: AttemptFacts,
): Promise<ProviderResult> {
  const deadline = parts.startDeadline(Math.min(parts.attemptWithinMs, leftMs));
  parts.calls.begin(deadline);
  try {
    return await sending.send(lane, request, deadline.signal, facts);
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

/** With these nothing comes of another model at the same provider either. */
const ofTheProvider: ReadonlySet<string> = new Set([
  ...['connect', 'tls', 'auth', 'balance', 'rate_limited', 'circuit_open', 'local', 'queue_timeout', 'cut'],
]);

/** Where one request has been already: never twice at one provider with the same model. Nearly all need but one attempt. */
class Tried {
  private modelsOf: Map<string, Set<string | null>> | null = null;
  private given: Set<string> | null = null;

  allows({ provider, model }: ArmEntry): boolean {
    return this.given?.has(provider) !== true && this.modelsOf?.get(provider)?.has(model) !== true;
  }

  /** `kind` is what came of it. */
  add({ provider, model }: ArmEntry, kind: string | null): void {
    if (kind !== null && ofTheProvider.has(kind)) this.given = (this.given ?? new Set()).add(provider);
    this.modelsOf ??= new Map();
    this.modelsOf.set(provider, (this.modelsOf.get(provider) ?? new Set()).add(model));
  }
}
