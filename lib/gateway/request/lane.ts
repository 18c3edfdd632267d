import type { Deadline } from '@/lib/kernel/deadline';
import { type LiveCalls, liveSeconds } from '@/lib/split/live-calls';
import type { ErrorKind, ProbeResult, Provider, ProviderResult } from '../providers/provider';
import { LaneTrouble } from './lane-trouble';

type BreakerState = 'closed' | 'open' | 'half_open';
export type Pass = 'closed' | 'probe';

/** Opens after `threshold` consecutive failures; after `coolMs` one call may try, and decides. */
export class Breaker {
  private failures = 0;
  private openUntilMs = 0;
  private probing = false;

  constructor(
    private readonly threshold: number,
    private readonly coolMs: number,
  ) {}

  state(nowMs: number): BreakerState {
    if (this.failures < this.threshold) return 'closed';
    return nowMs < this.openUntilMs || this.probing ? 'open' : 'half_open';
  }

  /** null: do not call the provider. Every pass must be given back with `leave`. */
  enter(nowMs: number): Pass | null {
    const state = this.state(nowMs);
    if (state === 'half_open') this.probing = true;
    return state === 'open' ? null : state === 'closed' ? 'closed' : 'probe';
  }

  /** `neutral` says nothing about the provider's health: its rate limit, say. */
  leave(pass: Pass, outcome: 'success' | 'failure' | 'neutral', nowMs: number): void {
    if (pass === 'probe') this.probing = false;
    // A call from before the opening comes too late to vote.
    else if (this.failures >= this.threshold) return;
    if (outcome === 'success') this.failures = 0;
    if (outcome === 'failure') this.failures += 1;
    if (this.failures >= this.threshold) this.openUntilMs = nowMs + this.coolMs;
  }

  retryAfterMs(nowMs: number): number {
    return this.state(nowMs) === 'closed' ? 0 : Math.max(0, this.openUntilMs - nowMs);
  }
}

/** The calls that may run at one provider at once. Who finds no slot free waits in line: our own time, not the provider's. */
class Slots {
  private free: number;
  private readonly line = new Set<() => void>();

  constructor(readonly most: number) {
    this.free = most;
  }

  get inUse(): number {
    return this.most - this.free;
  }

  get waiting(): number {
    return this.line.size;
  }

  take(): boolean {
    if (this.free === 0) return false;
    this.free -= 1;
    return true;
  }

  /** A slot that is given back goes to the first in line. */
  give(): void {
    if (this.line.size === 0) {
      this.free += 1;
      return;
    }
    const [first] = this.line;
    first?.();
  }

  /** Whether a slot came before the deadline; it is the caller's then. */
  wait(deadline: Deadline): Promise<boolean> {
    if (deadline.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      const end = (hasSlot: boolean) => {
        this.line.delete(come);
        deadline.removeEventListener('abort', giveUp);
        resolve(hasSlot);
      };
      const come = () => end(true);
      const giveUp = () => end(false);
      deadline.addEventListener('abort', giveUp);
      this.line.add(come);
    });
  }
}

/** Without a `Retry-After` a provider that says 429 is left alone for this long; with one, at most for `longestPause`. */
const shortestPauseMs = 1000;
const longestPauseMs = 300_000;

/** These say something about the request or the quota, nothing about the provider's health. */
const neutral: ReadonlySet<ErrorKind> = new Set(['rate_limited', 'content_policy', 'rejected']);

/** Of frequent calls only so many are looked at: what is over is soon forgotten. */
const mostCalls = 20;

/** How the last calls ended that say something about their provider. */
class LastCalls {
  private readonly ended: { readonly failed: boolean; readonly atMs: number }[] = [];

  forget(): void {
    this.ended.length = 0;
  }

  note(failed: boolean, atMs: number): void {
    this.ended.push({ failed, atMs });
    if (this.ended.length > mostCalls) this.ended.shift();
  }

  within(nowMs: number): LiveCalls {
    const live = this.ended.filter(({ atMs }) => nowMs - atMs <= liveSeconds * 1000);
    return { requests: live.length, failures: live.filter(({ failed }) => failed).length };
  }
}

export type Closed = { readonly kind: 'circuit_open' | 'rate_limited'; readonly retryAfterMs: number };

/** What came of waiting for a connection: the call may be made, it need not be any more, or nothing came of it. */
export type Turn =
  | { readonly waitedMs: number; readonly pass: Pass | Closed; readonly fault?: undefined }
  | { readonly waitedMs: number; readonly fault: { readonly errorKind: ErrorKind; readonly message: string } };

/** With what a provider is called: whatever is begun there is found again at the same address, with the same key. */
interface LaneOrigin {
  readonly adapter: string;
  /** 0: the environment's. */
  readonly keyVersion: number;
  /** The last characters of the key, for operators alone; left out or '': not to be told. */
  readonly keyHint?: string | undefined;
  readonly baseUrl: string;
}

const nowhere: LaneOrigin = { adapter: '', keyVersion: 0, baseUrl: '' };

/** One provider as this process sees it: what it was given, how its calls ended, and whether to call it now. */
export class Lane {
  readonly breaker: Breaker;
  assigned = 0;
  /** The latest answer to a background probe, and when it came. */
  probe: { readonly result: ProbeResult; readonly atMs: number } | null = null;
  /** The latest answer to real traffic. */
  traffic: {
    readonly ok: boolean;
    readonly latencyMs: number;
    readonly error: string | null;
    readonly kind: ErrorKind | null;
    readonly atMs: number;
  } | null = null;
  readonly calls = new LastCalls();
  readonly trouble = new LaneTrouble();
  readonly slots: Slots;
  private pausedUntilMs = 0;

  constructor(
    readonly provider: Provider,
    breaker: { readonly threshold: number; readonly coolMs: number },
    connections: number,
    readonly origin: LaneOrigin = nowhere,
  ) {
    this.breaker = new Breaker(breaker.threshold, breaker.coolMs);
    this.slots = new Slots(connections);
  }

  /** `full`: it may be called, but so many calls run already; wait for a slot and `enterWithSlot`. */
  enter(nowMs: number): Pass | Closed | 'full' {
    if (this.isOpen(nowMs)) return this.closed(nowMs);
    return this.slots.take() ? this.enterWithSlot(nowMs) : 'full';
  }

  enterWithSlot(nowMs: number): Pass | Closed {
    const pass = nowMs < this.pausedUntilMs ? null : this.breaker.enter(nowMs);
    if (pass) return pass;
    this.slots.give();
    return this.closed(nowMs);
  }

  private closed(nowMs: number): Closed {
    const pauseMs = this.pausedUntilMs - nowMs;
    if (pauseMs > 0) return { kind: 'rate_limited', retryAfterMs: pauseMs };
    return { kind: 'circuit_open', retryAfterMs: this.breaker.retryAfterMs(nowMs) };
  }

  leave(pass: Pass, result: ProviderResult, nowMs: number): void {
    this.slots.give();
    if (!result.ok && result.isOurs) {
      this.breaker.leave(pass, 'neutral', nowMs);
      this.trouble.noteFault(result, nowMs);
      return;
    }
    const outcome = result.ok ? 'success' : neutral.has(result.errorKind) ? 'neutral' : 'failure';
    this.breaker.leave(pass, outcome, nowMs);
    if (outcome !== 'neutral') this.calls.note(outcome === 'failure', nowMs);
    if (result.ok) {
      this.traffic = { ok: true, latencyMs: result.latencyMs, error: null, kind: null, atMs: nowMs };
      return;
    }
    if (result.errorKind === 'rate_limited') {
      const pause = Math.min(Math.max(result.retryAfterMs ?? 0, shortestPauseMs), longestPauseMs);
      this.pausedUntilMs = Math.max(this.pausedUntilMs, nowMs + pause);
    }
    if (result.refused) return;
    const { latencyMs, message, errorKind } = result;
    this.traffic = { ok: false, latencyMs, error: message, kind: errorKind, atMs: nowMs };
  }

  retryAfterMs(nowMs: number): number {
    return Math.max(this.pausedUntilMs - nowMs, this.breaker.retryAfterMs(nowMs), 0);
  }

  isOpen(nowMs: number): boolean {
    return nowMs < this.pausedUntilMs || this.breaker.state(nowMs) === 'open';
  }
}
