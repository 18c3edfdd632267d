import type { Within } from '@/lib/kernel/within';
import type { IdempotencyClaim, IdempotencyKey, IdempotencyStore } from './idempotency-store';
import type { JournaledKey, KeyJournal } from './key-journal';

/** How a request with a key ended: `done` is replayed, `unknown` stays unknown, `nothing` frees the key. */
export interface End<T> {
  readonly state: 'done' | 'unknown' | 'nothing';
  readonly status: number;
  readonly response: T;
  /** What is kept of it for a replay, where that is less. */
  readonly kept?: T;
}

type Deduplicated<T> = { readonly keptIn: 'store' | 'memory' } & (
  | { readonly kind: 'fresh'; readonly end: End<T> }
  | { readonly kind: 'replayed'; readonly status: number; readonly response: T }
  | { readonly kind: 'mismatch' | 'running' | 'unknown' }
);

interface Remembered {
  readonly bodyHash: string;
  keptIn: 'store' | 'memory';
  end: { readonly status: number; readonly response: unknown } | 'unknown' | null;
  /** Of the answer, about. */
  bytes: number;
  /** While the store is asked whether another process has the key. */
  asking: Promise<IdempotencyClaim | null> | null;
}

interface DeduplicateParts {
  readonly store: IdempotencyStore | null;
  /** Where claims are written down while the store is away. */
  readonly journal: KeyJournal | null;
  readonly within: Within;
  /** Tries a write again later, until it is taken or given up; never throws. */
  readonly later: (what: string, write: () => Promise<void>) => void;
  /** A claim without an end after this long belongs to a process that died. */
  readonly givenUpAfterMs: number;
}

const storeWithinMs = 250;
const mostRemembered = 10_000;
/** Of all answers in memory together; the store has them too, or the journal on disk. */
const mostBytes = 32 * 1024 * 1024;

/**
 * One provider call per key. The claim is written down before the call: in this process's memory, and in the store
 * unless that takes longer than a request may wait.
 */
export class Deduplicator {
  private memory = new Map<string, Remembered>();
  private bytes = 0;

  constructor(private readonly parts: DeduplicateParts) {
    for (const { keyHash, bodyHash, state, status, response } of parts.journal?.load() ?? []) {
      const end = state === 'running' || status === undefined ? 'unknown' : { status, response };
      const bytes = end === 'unknown' ? 0 : sizeOf(response);
      this.memory.set(keyHash, { bodyHash, keptIn: 'memory', end, bytes, asking: null });
      this.bytes += bytes;
    }
  }

  async run<T>(key: IdempotencyKey, work: () => Promise<End<T>>): Promise<Deduplicated<T>> {
    const known = this.memory.get(key.keyHash);
    if (known?.asking) {
      const claim = await known.asking;
      // Known elsewhere, so it does not run here: one answer of the store serves all who ask the same.
      const isElsewhere = claim !== null && claim.kind !== 'claimed';
      if (!isElsewhere || known.bodyHash !== key.bodyHash) return this.run(key, work);
      return { keptIn: 'store', ...this.judge<T>(claim) };
    }
    if (known) return { keptIn: known.keptIn, ...this.recall<T>(known, key) };
    const mine: Remembered = { bodyHash: key.bodyHash, keptIn: 'memory', end: null, bytes: 0, asking: null };
    this.remember(key.keyHash, mine);
    const asked = this.claim(key);
    mine.asking = asked;
    const claim = await asked;
    mine.asking = null;
    if (claim && claim.kind !== 'claimed') {
      this.memory.delete(key.keyHash);
      return { keptIn: 'store', ...this.judge<T>(claim) };
    }
    if (claim) mine.keptIn = 'store';
    else await this.journal(key, { state: 'running' });
    try {
      const end = await work();
      await this.finish(key, mine, end);
      return { keptIn: mine.keptIn, kind: 'fresh', end };
    } catch (error) {
      this.memory.delete(key.keyHash);
      this.parts.later('release', async () => this.parts.store?.release(key));
      throw error;
    }
  }

  private recall<T>(known: Remembered, key: IdempotencyKey) {
    if (known.bodyHash !== key.bodyHash) return { kind: 'mismatch' as const };
    if (known.end === null) return { kind: 'running' as const };
    if (known.end === 'unknown') return { kind: 'unknown' as const };
    return { kind: 'replayed' as const, status: known.end.status, response: known.end.response as T };
  }

  private judge<T>(claim: Exclude<IdempotencyClaim, { kind: 'claimed' }>) {
    if (claim.kind === 'done') {
      return { kind: 'replayed' as const, status: claim.status, response: claim.response as T };
    }
    if (claim.kind === 'running' && claim.ageMs > this.parts.givenUpAfterMs) return { kind: 'unknown' as const };
    return { kind: claim.kind };
  }

  private async claim(key: IdempotencyKey): Promise<IdempotencyClaim | null> {
    try {
      return this.parts.store && (await this.parts.within(storeWithinMs, this.parts.store.claim(key)));
    } catch {
      return null; // The store is away: memory has the claim, the response's header says so.
    }
  }

  private async finish<T>(key: IdempotencyKey, mine: Remembered, end: End<T>): Promise<void> {
    const { state, status, kept: response = end.response } = end;
    const { store } = this.parts;
    if (state === 'nothing') this.memory.delete(key.keyHash);
    else this.keep(mine, { status, response });
    if (mine.keptIn === 'memory') await this.journal(key, { state, status, response });
    if (!store) return;
    const write = async () =>
      state === 'nothing' ? store.release(key) : store.finish(key, { state, status, response });
    await this.parts.within(storeWithinMs, write()).catch(() => this.parts.later('finish', write));
  }

  /** A disk that does not take it leaves the memory: better than refusing the request. */
  private async journal(
    { keyHash, bodyHash }: IdempotencyKey,
    end: Pick<JournaledKey, 'state' | 'status' | 'response'>,
  ) {
    await this.parts.journal?.append({ keyHash, bodyHash, ...end }).catch(() => undefined);
  }

  private remember(keyHash: string, remembered: Remembered): void {
    this.memory.set(keyHash, remembered);
    if (this.memory.size > mostRemembered) this.forgetOne();
  }

  private keep(mine: Remembered, end: { readonly status: number; readonly response: unknown }): void {
    mine.end = end;
    mine.bytes = sizeOf(end.response);
    this.bytes += mine.bytes;
    while (this.bytes > mostBytes && this.forgetOne());
  }

  /** The oldest that has ended; false when none has. */
  private forgetOne(): boolean {
    for (const [oldest, { end, bytes }] of this.memory) {
      if (end === null) continue;
      this.memory.delete(oldest);
      this.bytes -= bytes;
      return true;
    }
    return false;
  }
}

/** About what it takes on the heap: answers are nothing but a text with a few headers. */
function sizeOf(response: unknown): number {
  const { body } = (response ?? {}) as { readonly body?: unknown };
  return 512 + (typeof body === 'string' ? body.length : 0);
}
