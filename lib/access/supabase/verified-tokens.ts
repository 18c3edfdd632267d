import { createHash } from 'node:crypto';
import type { DirectoryOutcome } from '../identity';

const longestMs = 30_000;
const most = 1000;

interface Kept {
  readonly outcome: DirectoryOutcome;
  readonly untilMs: number;
}

/** Verified tokens for half a minute, so that a page of ten requests asks Supabase once; refusals are not kept. */
export class VerifiedTokens {
  private readonly kept = new Map<string, Kept>();

  constructor(private readonly now: () => number) {}

  get(token: string): DirectoryOutcome | null {
    const entry = this.kept.get(digest(token));
    return entry && entry.untilMs > this.now() ? entry.outcome : null;
  }

  keep(token: string, outcome: DirectoryOutcome, expiresAtMs: number): void {
    const oldest = this.kept.keys().next();
    if (this.kept.size >= most && !oldest.done) this.kept.delete(oldest.value);
    this.kept.set(digest(token), { outcome, untilMs: Math.min(expiresAtMs, this.now() + longestMs) });
  }
}

function digest(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}
