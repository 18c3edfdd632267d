import { hash, timingSafeEqual } from 'node:crypto';
import type { Caller } from './caller';

/** A caller as it is stored, with the keys of it that work. */
interface StoredCaller extends Caller {
  readonly keys: readonly { readonly digest: string; readonly expiresAtMs: number | null }[];
}

interface Known {
  readonly digest: Uint8Array;
  readonly expiresAtMs: number | null;
  readonly caller: Caller;
}

/** The stored callers as this process knows them, swapped whole when one of them changes. */
export class KnownCallers {
  private byDigest: ReadonlyMap<string, Known> = new Map();
  /** Also where none of their keys works any more: revoking the last key must not open the door to requests without one. */
  areThere = false;

  constructor(private readonly now: () => number) {}

  learn(callers: readonly StoredCaller[]): void {
    const known = new Map<string, Known>();
    for (const { keys, ...caller } of callers) {
      for (const { digest, expiresAtMs } of keys) {
        known.set(digest, { digest: Buffer.from(digest, 'hex'), expiresAtMs, caller });
      }
    }
    this.byDigest = known;
    this.areThere = callers.length > 0;
  }

  /** Who holds this key, as long as it is good. Found by its digest, no part of which a caller can choose. */
  callerOf(key: string): Caller | null {
    const digest = hash('sha256', key, 'buffer');
    const found = this.byDigest.get(digest.toString('hex'));
    if (found === undefined || !timingSafeEqual(digest, found.digest)) return null;
    return found.expiresAtMs !== null && found.expiresAtMs <= this.now() ? null : found.caller;
  }
}
