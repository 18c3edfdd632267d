import type { Bucket } from '@/lib/rollout/bucket';
import type { Policy } from '@/lib/rollout/policy';
import type { AlertKind, AlertView, JournalEntry, Role } from '@/lib/rollout/snapshot';
import type { RolloutState } from '@/lib/rollout/state';
import type { Decision } from '@/lib/rollout/verdict';
import type { Weights } from '@/lib/rollout/weights';

/** Everything the verbs need from outside. Each port has one adapter and one fake; only `lib/wire.ts` joins them. */

/** Who does it, as the journal will say: `operator:ann`, `watchdog`, `cli:root`, `script:root`. */
export interface Actor {
  readonly name: string;
  readonly role: Role;
}

export interface Clock {
  /** Wall clock of this process; never decides anything that the database's clock should. */
  now(): number;
  /** Monotonic milliseconds. */
  monotonic(): number;
}

/** A flag write, journaled in the same transaction. */
export interface FlagWrite {
  readonly verb: 'advance' | 'rollback' | 'pause' | 'resume' | 'rearm' | 'weights' | 'policy' | 'override';
  readonly actor: string;
  readonly reason: string | null;
  readonly evidence?: unknown;
  readonly policyVersion?: number | null;
  /** Compare-and-set: refused when the row has moved on. null only for a rollback by a person. */
  readonly expectedVersion: number | null;
  /** The database's now at which the gates were judged: a write more than ten seconds later is stale as well. */
  readonly judgedAtMs?: number;
}

export interface SplitRow extends RolloutState {
  readonly stageBy: string | null;
  readonly pausedBy: string | null;
  readonly pauseReason: string | null;
  readonly latchedAtMs: number | null;
  readonly latchedBy: string | null;
  readonly latchReason: string | null;
  readonly latchJournalId: number | null;
  readonly updatedAtMs: number;
  /** false where the row is gone or never was. A row of version 0 is there: it never passed the guard. */
  readonly isStored: boolean;
  /** Why the stored weights cannot be used (a dropped guard, a restored dump, a deleted row); others stand in. */
  readonly weightsFault: string | null;
}

export interface PolicyRow {
  readonly policy: Policy;
  /** 0 for the default policy. */
  readonly version: number;
  readonly source: 'default' | 'row';
  /** Why the stored row was not used; the last good one is, then. */
  readonly fault: string | null;
}

export interface StoredSplit {
  /** null when the row does not exist. With a fault its weights are the last good ones. */
  readonly row: SplitRow | null;
  /** The row as the guard last let it pass, where the row itself is gone; null when it never did. */
  readonly lastGood: SplitRow | null;
  /** The database's now. */
  readonly nowMs: number;
}

export interface FlagStore {
  /** The split's row and the database's now, in one statement. */
  readSplit(): Promise<StoredSplit>;
  readPolicy(): Promise<PolicyRow>;
  writeWeights(weights: Weights, write: FlagWrite): Promise<WriteOutcome>;
  /** pause, resume, rearm: the weights stay. */
  writeState(write: FlagWrite): Promise<WriteOutcome>;
  writePolicy(text: string, write: FlagWrite): Promise<WriteOutcome>;
}

export type WriteOutcome =
  | { readonly kind: 'written'; readonly version: number; readonly journalId: number | null }
  | { readonly kind: 'stale'; readonly row: SplitRow | null; readonly by: string | null; readonly atMs: number | null }
  | { readonly kind: 'refused'; readonly sentence: string };

export interface JournalQuery {
  readonly limit: number;
  readonly beforeId?: number;
  readonly flagKey?: string;
  readonly actor?: string;
  readonly verb?: string;
  readonly text?: string;
  readonly fromMs?: number;
  readonly toMs?: number;
}

export interface JournalStore {
  list(query: JournalQuery): Promise<readonly JournalEntry[]>;
  get(id: number): Promise<JournalEntry | null>;
  /** The first broken link of each chain; empty when every hash verifies. */
  faults(): Promise<readonly { flagKey: string; seq: number; fault: string }[]>;
}

/** Latencies on either side of a line inside a window: what decides when the counts alone cannot. */
export interface Neighbours {
  readonly below: number | null;
  readonly atOrAbove: number | null;
}

export interface MetricsStore {
  /** Buckets with sinceMs < atMs ≤ untilMs, one per provider and instant, in order of time. */
  buckets(sinceMs: number, untilMs: number): Promise<readonly Bucket[]>;
  neighbours(provider: string, fromMs: number, toMs: number, limitMs: number): Promise<Neighbours>;
  /** Mean `cost_per_image` (USD) of a provider over a span; null without priced rows. */
  meanCost(provider: string, fromMs: number, toMs: number): Promise<number | null>;
  /** Global voucher rate over a span, for vouchers that name neither request nor provider. */
  voucherRate(fromMs: number, toMs: number): Promise<{ readonly vouchers: number; readonly generated: number }>;
  /** First attempts assigned to a provider over a span, counted in SQL: a stage may last for weeks. */
  requests(provider: string, fromMs: number, toMs: number): Promise<number>;
  /** Failures of a provider over a span, the most frequent kind first, each with a recent error in words. */
  topErrors(
    provider: string,
    fromMs: number,
    toMs: number,
  ): Promise<readonly { readonly kind: string; readonly count: number; readonly example: string | null }[]>;
}

export interface TickRecord {
  readonly atMs: number;
  readonly slotMs: number;
  readonly by: string;
  readonly intervalSeconds: number;
  readonly durationMs: number;
  readonly decision: Decision | null;
  readonly error: string | null;
  readonly policyVersion: number | null;
  readonly weightsVersion: number | null;
}

/** What one tick reads and writes: one connection, one transaction, so that all of it lands or nothing. */
export interface TickScope {
  /** The database's now when the transaction began. */
  readonly nowMs: number;
  readonly slotMs: number;
  /** The last tick before this one that reached a decision; null when there was none. */
  readonly previous: TickRecord | null;
  readonly flags: FlagStore;
  readonly metrics: MetricsStore;
  readonly alerts: AlertStore;
  readonly instances: InstanceStore;
  /** One row of `analytics_logs`. */
  log(event: StoredEvent): Promise<void>;
}

export interface TickStore {
  /**
   * Claims the slot the database's now lies in and runs `work` in that transaction; null when another process has the
   * slot or is at it. What `work` returns becomes the heartbeat row. Nothing waits longer than `deadlineMs`.
   */
  inSlot(
    slot: { readonly by: string; readonly intervalSeconds: number; readonly deadlineMs: number },
    work: (scope: TickScope) => Promise<Omit<TickRecord, 'slotMs' | 'durationMs'>>,
  ): Promise<TickRecord | null>;
  /** Makes a failed tick visible, in a transaction of its own; another process may still decide this slot. */
  recordFailure(slot: { readonly by: string; readonly intervalSeconds: number }, error: string): Promise<void>;
  /** Ends sessions that sit idle in a transaction on the split's row; the number ended. A rollback must not wait. */
  freeSplit(idleForMs: number): Promise<number>;
  /** The newest heartbeat, failed ones included, and the newest that decided. */
  last(): Promise<{ readonly any: TickRecord | null; readonly decided: TickRecord | null }>;
}

export interface Heartbeat {
  readonly id: string;
  readonly kind: 'web' | 'watchdog';
  readonly host: string;
  readonly pid: number;
  readonly build: string;
  readonly startedAtMs: number;
  /** Version of the weights this process routes by; null before it knows one. */
  readonly version: number | null;
  /** The weights this process routes by, whatever the store says; null when it routes nothing. */
  readonly weights: Weights | null;
  readonly weightsAgeMs: number | null;
  /** Requests assigned per provider since the start of the process. */
  readonly assigned: Readonly<Record<string, number>>;
  /** Events the store has acknowledged since the start of the process. */
  readonly eventsStored: number;
  /** Age of the oldest event that the store has not acknowledged; null when there is none. */
  readonly oldestUnsentMs: number | null;
  readonly spoolDepth: number;
  readonly spoolBytes: number;
  /** This process's wall clock minus the database's. */
  readonly clockSkewMs: number | null;
  /** What this process thinks of each provider: probe and real traffic. */
  readonly providers: Readonly<
    Record<
      string,
      {
        ok: boolean;
        latencyMs: number | null;
        error: string | null;
        configured: boolean;
        breaker: string;
        simulated: boolean;
      }
    >
  >;
}

export interface InstanceStore {
  beat(heartbeat: Heartbeat): Promise<{ readonly nowMs: number }>;
  /** Instances seen in the last `withinSeconds`. */
  list(withinSeconds: number): Promise<readonly (Heartbeat & { readonly seenAtMs: number })[]>;
  leave(id: string): Promise<void>;
}

export interface AlertStore {
  /** Raise once: an unresolved alert of the same kind and key is kept, not doubled. Also queues its notifications. */
  raise(alert: {
    kind: AlertKind;
    key: string;
    detail: string;
    params?: unknown;
    blocksAdvance: boolean;
    journalId?: number | null;
  }): Promise<{ id: number; isNew: boolean }>;
  resolve(kind: AlertKind, key: string): Promise<void>;
  acknowledge(id: number, by: string, reason: string | null): Promise<boolean>;
  open(): Promise<readonly AlertView[]>;
}

/** An event as it is stored: one row of `analytics_logs`. */
export interface StoredEvent {
  readonly event_type: string;
  readonly event_data: Readonly<Record<string, unknown>>;
  /** Milliseconds of monotonic age when the batch is sent; the database subtracts it from its now. */
  readonly age_ms: number;
  /** The request whose one voucher this is, issued while the store was away: it counts unless that has got one. */
  readonly once?: string;
}

export type * from './ports/access';
export type * from './ports/diagnosis';
export * from './ports/outbox';
