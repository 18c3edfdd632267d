import type { ErrorKind, ProbeResult, Provider, ProviderFailure, ProviderResult } from '../providers/provider';
import { Breaker, type Pass } from './breaker';
import { Slots } from './slots';

/** Without a `Retry-After` a provider that says 429 is left alone for this long; with one, at most for `longestPause`. */
const shortestPauseMs = 1000;
const longestPauseMs = 300_000;

/** These say something about the request or the quota, nothing about the provider's health. */
const neutral: ReadonlySet<ErrorKind> = new Set(['rate_limited', 'content_policy', 'rejected']);

/** Trouble of our own is told for so long after it was last seen. */
const troubleGoodForMs = 60_000;

/** How long callers waited for a connection lately. */
export interface Waits {
  readonly count: number;
  readonly longestMs: number;
  readonly gaveUp: number;
  readonly atMs: number;
}

/** Calls that this machine could not make lately. */
export interface LocalFaults {
  readonly count: number;
  readonly message: string;
  readonly atMs: number;
}

export type Closed = { readonly kind: 'circuit_open' | 'rate_limited'; readonly retryAfterMs: number };

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
  readonly slots: Slots;
  #waits: Waits | null = null;
  #faults: LocalFaults | null = null;
  #pausedUntilMs = 0;

  constructor(
    readonly provider: Provider,
    breaker: { readonly threshold: number; readonly coolMs: number },
    connections: number,
  ) {
    this.breaker = new Breaker(breaker.threshold, breaker.coolMs);
    this.slots = new Slots(connections);
  }

  /** `full`: it may be called, but so many calls run already; wait for a slot and `enterWithSlot`. */
  enter(nowMs: number): Pass | Closed | 'full' {
    if (this.isOpen(nowMs)) return this.#closed(nowMs);
    return this.slots.take() ? this.enterWithSlot(nowMs) : 'full';
  }

  enterWithSlot(nowMs: number): Pass | Closed {
    const pass = nowMs < this.#pausedUntilMs ? null : this.breaker.enter(nowMs);
    if (pass) return pass;
    this.slots.give();
    return this.#closed(nowMs);
  }

  #closed(nowMs: number): Closed {
    const pauseMs = this.#pausedUntilMs - nowMs;
    if (pauseMs > 0) return { kind: 'rate_limited', retryAfterMs: pauseMs };
    return { kind: 'circuit_open', retryAfterMs: this.breaker.retryAfterMs(nowMs) };
  }

  leave(pass: Pass, result: ProviderResult, nowMs: number): void {
    this.slots.give();
    if (!result.ok && result.isOurs) {
      this.breaker.leave(pass, 'neutral', nowMs);
      this.noteFault(result, nowMs);
      return;
    }
    this.breaker.leave(pass, result.ok ? 'success' : neutral.has(result.errorKind) ? 'neutral' : 'failure', nowMs);
    if (result.ok) {
      this.traffic = { ok: true, latencyMs: result.latencyMs, error: null, kind: null, atMs: nowMs };
      return;
    }
    if (result.errorKind === 'rate_limited') {
      const pause = Math.min(Math.max(result.retryAfterMs ?? 0, shortestPauseMs), longestPauseMs);
      this.#pausedUntilMs = Math.max(this.#pausedUntilMs, nowMs + pause);
    }
    if (result.refused) return;
    const { latencyMs, message, errorKind } = result;
    this.traffic = { ok: false, latencyMs, error: message, kind: errorKind, atMs: nowMs };
  }

  noteWait(waitedMs: number, hasGivenUp: boolean, nowMs: number): void {
    const before = this.waits(nowMs);
    this.#waits = {
      count: (before?.count ?? 0) + 1,
      longestMs: Math.max(before?.longestMs ?? 0, waitedMs),
      gaveUp: (before?.gaveUp ?? 0) + (hasGivenUp ? 1 : 0),
      atMs: nowMs,
    };
  }

  /** A call that was cut says that the process ends, which is no trouble. */
  noteFault({ errorKind, message }: Pick<ProviderFailure, 'errorKind' | 'message'>, nowMs: number): void {
    if (errorKind !== 'local') return;
    this.#faults = { count: (this.faults(nowMs)?.count ?? 0) + 1, message, atMs: nowMs };
  }

  waits(nowMs: number): Waits | null {
    return this.#waits && nowMs - this.#waits.atMs <= troubleGoodForMs ? this.#waits : null;
  }

  faults(nowMs: number): LocalFaults | null {
    return this.#faults && nowMs - this.#faults.atMs <= troubleGoodForMs ? this.#faults : null;
  }

  retryAfterMs(nowMs: number): number {
    return Math.max(this.#pausedUntilMs - nowMs, this.breaker.retryAfterMs(nowMs), 0);
  }

  isOpen(nowMs: number): boolean {
    return nowMs < this.#pausedUntilMs || this.breaker.state(nowMs) === 'open';
  }
}
