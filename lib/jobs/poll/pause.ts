import type { JobSeen } from '@/lib/gateway/providers/job-calls';
import { blockedForMs } from './learn';

type Unread = Extract<JobSeen, { kind: 'unread' }>;

const failuresUntilPause = 5;
const firstMs = 1000;
const mostMs = 30_000;
const rateLimitedMs = 5000;

/** Whether a vendor is left alone for a while: it said so, it refuses our key, or it does not answer. */
export class Pause {
  private untilMs = 0;
  private failures = 0;
  /** Why its jobs wait, where that is for people to mend. */
  private why: string | null = null;

  constructor(private readonly random: () => number) {}

  /** null: it may be asked. */
  at(nowMs: number): { readonly leftMs: number; readonly blocked: string | null } | null {
    return nowMs < this.untilMs ? { leftMs: this.untilMs - nowMs, blocked: this.why } : null;
  }

  /** What a call brought, which asked for one job or for many. */
  heard(answers: readonly JobSeen[], nowMs: number): void {
    const unread = answers.filter((seen): seen is Unread => seen.kind === 'unread');
    const [first] = unread;
    // One job that cannot be read says nothing of the vendor.
    if (first === undefined || unread.length < answers.length) {
      this.failures = 0;
      return;
    }
    const waitMs = this.waitAfter(first);
    if (waitMs === null) return;
    this.why = first.errorKind === 'auth' ? `the provider refuses our key: ${first.message}` : null;
    this.untilMs = Math.max(this.untilMs, nowMs + waitMs);
  }

  private waitAfter({ errorKind, retryAfterMs }: Unread): number | null {
    if (errorKind === 'cut') return null;
    if (errorKind === 'auth') return blockedForMs;
    if (retryAfterMs !== null) return retryAfterMs;
    if (errorKind === 'rate_limited') return rateLimitedMs;
    this.failures += 1;
    const over = this.failures - failuresUntilPause;
    if (over < 0) return null;
    return Math.min(mostMs, firstMs * 2 ** Math.min(over, 10)) * (0.75 + 0.25 * this.random());
  }
}
