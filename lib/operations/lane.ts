import type { ErrorKind, ProbeResult, Provider, ProviderResult } from '@/lib/rollout/provider';
import { Breaker, type Pass } from './breaker';

/** Without a `Retry-After` a provider that says 429 is left alone for this long; with one, at most for `longestPause`. */
const shortestPauseMs = 1000;
const longestPauseMs = 300_000;

/** These say something about the request or the quota, nothing about the provider's health. */
const neutral: ReadonlySet<ErrorKind> = new Set(['rate_limited', 'content_policy', 'rejected']);

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
  #pausedUntilMs = 0;

  constructor(
    readonly provider: Provider,
    breaker: { readonly threshold: number; readonly coolMs: number },
  ) {
    this.breaker = new Breaker(breaker.threshold, breaker.coolMs);
  }

  enter(nowMs: number): Pass | Closed {
    if (nowMs < this.#pausedUntilMs) return { kind: 'rate_limited', retryAfterMs: this.#pausedUntilMs - nowMs };
    return this.breaker.enter(nowMs) ?? { kind: 'circuit_open', retryAfterMs: this.breaker.retryAfterMs(nowMs) };
  }

  leave(pass: Pass, result: ProviderResult, nowMs: number): void {
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

  retryAfterMs(nowMs: number): number {
    return Math.max(this.#pausedUntilMs - nowMs, this.breaker.retryAfterMs(nowMs), 0);
  }

  isOpen(nowMs: number): boolean {
    return nowMs < this.#pausedUntilMs || this.breaker.state(nowMs) === 'open';
  }
}
