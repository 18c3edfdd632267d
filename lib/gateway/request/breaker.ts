export type BreakerState = 'closed' | 'open' | 'half_open';
export type Pass = 'closed' | 'probe';

/** Opens after `threshold` consecutive failures; after `coolMs` one call may try, and decides. */
export class Breaker {
  #failures = 0;
  #openUntilMs = 0;
  #probing = false;

  constructor(
    private readonly threshold: number,
    private readonly coolMs: number,
  ) {}

  state(nowMs: number): BreakerState {
    if (this.#failures < this.threshold) return 'closed';
    return nowMs < this.#openUntilMs || this.#probing ? 'open' : 'half_open';
  }

  /** null: call nobody. Every pass must be given back with `leave`. */
  enter(nowMs: number): Pass | null {
    const state = this.state(nowMs);
    if (state === 'half_open') this.#probing = true;
    return state === 'open' ? null : state === 'closed' ? 'closed' : 'probe';
  }

  /** `neutral` says nothing about the provider's health: its rate limit, say. */
  leave(pass: Pass, outcome: 'success' | 'failure' | 'neutral', nowMs: number): void {
    if (pass === 'probe') this.#probing = false;
    // A call from before the opening comes too late to vote.
    else if (this.#failures >= this.threshold) return;
    if (outcome === 'success') this.#failures = 0;
    if (outcome === 'failure') this.#failures += 1;
    if (this.#failures >= this.threshold) this.#openUntilMs = nowMs + this.coolMs;
  }

  retryAfterMs(nowMs: number): number {
    return this.state(nowMs) === 'closed' ? 0 : Math.max(0, this.#openUntilMs - nowMs);
  }
}
