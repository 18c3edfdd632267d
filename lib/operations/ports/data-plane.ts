import type { Deadline } from '@/lib/rollout/provider';
import type { StoredEvent } from '../ports';

/** What the data plane needs from outside: none of it may keep a request waiting for longer than it says. */

/** Stores one batch in one transaction; a batch id that was stored before is not stored again. */
export interface EventWriter {
  writeBatch(batchId: string, events: readonly StoredEvent[]): Promise<unknown>;
}

/** A batch that waits on disk. `ageMs` of its rows is measured again when it is read. */
export interface SpooledBatch {
  readonly name: string;
  readonly batchId: string;
  readonly events: readonly StoredEvent[];
}

export interface Spool {
  /** Throws when the disk does not take it. */
  append(batchId: string, events: readonly StoredEvent[]): Promise<void>;
  /** The oldest batch, its ages brought up to now; null when there is none. */
  oldest(): Promise<SpooledBatch | null>;
  remove(name: string): Promise<void>;
  /** Frees the room of the oldest batch; the number of events lost. */
  dropOldest(): Promise<number>;
  depth(): { readonly events: number; readonly bytes: number; readonly oldestAgeMs: number | null };
}

export type IdempotencyClaim =
  | { readonly kind: 'claimed' }
  | { readonly kind: 'running'; readonly ageMs: number }
  | { readonly kind: 'mismatch' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'done'; readonly status: number; readonly response: unknown };

export interface IdempotencyKey {
  readonly keyHash: string;
  readonly bodyHash: string;
  readonly requestId: string;
}

export interface IdempotencyStore {
  claim(key: IdempotencyKey): Promise<IdempotencyClaim>;
  /** Also writes the row when the claim never reached the store. */
  finish(key: IdempotencyKey, end: { state: 'done' | 'unknown'; status: number; response: unknown }): Promise<void>;
  /** The request surely did nothing: the key may be used again. */
  release(key: IdempotencyKey): Promise<void>;
}

/** The one voucher of a request. */
export interface VoucherStore {
  /** Records it, unless the request has its voucher already; whether this call issued it. */
  issue(requestId: string, data: Readonly<Record<string, unknown>>): Promise<boolean>;
}

/** An image that was made: by whom, and for which caller. */
export interface Served {
  readonly provider: string | null;
  readonly caller: string | null;
}

/** What is known of requests by their `gen_ok` rows. */
export interface RequestFinder {
  /** Those that were served; with `caller`, to that one. */
  find(requestIds: readonly string[], caller: string | null): Promise<ReadonlyMap<string, Served>>;
}

/** A key whose claim the store could not take, as it stands on disk. */
export interface JournaledKey {
  readonly keyHash: string;
  readonly bodyHash: string;
  readonly state: 'running' | 'done' | 'unknown' | 'nothing';
  readonly status?: number;
  readonly response?: unknown;
}

export interface KeyJournal {
  /** What the process before this one left; `running` means that it died meanwhile. */
  load(): readonly JournaledKey[];
  append(key: JournaledKey): Promise<void>;
}

/** Of one split's row, what routing needs. */
export interface WeightsRow {
  readonly version: number;
  readonly text: string | null;
  readonly stage: string | null;
}

/** Who is who: by the policy in force and the provider registry, both of which may change while we run. */
export interface Names {
  readonly baseline: string;
  readonly candidate: string;
  readonly registered: readonly string[];
  readonly deprecated: readonly string[];
}

/** Bounds a call that may never answer; rejects when the time is over. */
export type Within = <T>(ms: number, call: Promise<T>) => Promise<T>;

/** What ends a call at its deadline, or early when the process must end; `clear` as soon as the call is over. */
export interface RunningDeadline {
  readonly signal: Deadline;
  clear(): void;
  cut(): void;
}

export type StartDeadline = (ms: number) => RunningDeadline;
