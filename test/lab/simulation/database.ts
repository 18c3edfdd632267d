import type { AlertView } from '@/lib/api/alerts';
import type { JournalEntry } from '@/lib/api/journal-entry';
import type { PolicyRow } from '@/lib/control/flags/last-good';
import type { SplitRow } from '@/lib/control/flags/stored-flags';
import type { TickRecord } from '@/lib/control/ticks/tick-record';
import { defaultPolicy, type Policy } from '@/lib/split/policy/policy';
import { readPolicy } from '@/lib/split/policy/read-policy';
import { latchedArms, stageOf } from '@/lib/split/stages';
import { readWeights, type Weights, weightsText } from '@/lib/split/weights';
import type { EventLog } from './event-log';
import type { PlantedBug } from './planted';
import type { Task } from './scheduler';
import { keepState, type Said } from './split-state';

export const splitKey = 'GEN_PROVIDER_WEIGHTS';
export const policyKey = 'GEN_ROLLOUT_POLICY';
export const registered = ['fal', 'runware'];

export type Entry = Omit<JournalEntry, 'hash' | 'login'> & { readonly atMs: number };

/** One committed write, as the invariants see it. */
export interface Commit {
  readonly entry: Entry;
  readonly before: SplitRow | null;
  readonly after: SplitRow | null;
  readonly policy: PolicyRow;
  readonly task: Task;
  /** The version that the writer had seen; null: whatever was there. */
  readonly expected: number | null;
}

/** A transaction that is open: a tick's, or one that somebody left open in psql. */
export interface Tx {
  readonly task: Task;
  /** The step at which the server ends it by itself; null: never. */
  readonly endsAtStep: number | null;
  isDead: boolean;
  row: SplitRow | null | undefined;
  commits: Commit[];
  effects: (() => void)[];
}

export interface StoredAlert extends Omit<AlertView, 'acknowledged' | 'resolved_at'> {
  acknowledged: AlertView['acknowledged'];
  resolved_at: string | null;
}

export class StoreAway extends Error {
  readonly code = 'ECONNREFUSED';
}

export class LockTimeout extends Error {
  readonly code = '55P03';
}

/** The database of one simulated world: rows, locks, the triggers' work, and its own clock. */
export class Database {
  split: SplitRow | null = null;
  policyRow: { readonly text: string; readonly version: number } | null = null;
  readonly journal: Entry[] = [];
  readonly alerts: StoredAlert[] = [];
  ticks: { any: TickRecord | null; decided: TickRecord | null } = { any: null, decided: null };
  /** Policies that were in force within the last moments, and until when. */
  former: { readonly policy: PolicyRow; readonly untilMs: number }[] = [];
  readonly decidedSlots = new Map<number, number>();
  rowLock: Tx | null = null;
  slotLock: Tx | null = null;
  isAway = false;
  versions = 0;
  committed = 0;
  /** Up to which journal row the invariants have looked. */
  checkedRows = 0;
  private readonly readings = new Map<string, Policy>();

  constructor(
    readonly log: EventLog,
    readonly clock: { nowMs(): number; step(): number },
    readonly bug: PlantedBug,
    private readonly onCommit: (commit: Commit) => void,
  ) {}

  get nowMs(): number {
    return this.clock.nowMs();
  }

  policy(): PolicyRow {
    const { policyRow: row } = this;
    if (row === null) return { policy: defaultPolicy, version: 0, source: 'default', fault: null };
    return { policy: this.reading(row.text), version: row.version, source: 'row', fault: null };
  }

  private reading(text: string): Policy {
    const kept = this.readings.get(text);
    if (kept) return kept;
    const reading = readPolicy(text, registered);
    if (!reading.ok) throw new Error(`The guard let a bad policy in: ${reading.faults.join('; ')}`);
    this.readings.set(text, reading.policy);
    return reading.policy;
  }

  /** The policies that a judgement of the last ten seconds may have been made by. */
  policiesLately(): PolicyRow[] {
    const lately = this.former.filter(({ untilMs }) => untilMs >= this.nowMs - 10_000);
    return [this.policy(), ...lately.map(({ policy }) => policy)];
  }

  /** As `readSplit` answers it: the stage by the policy in force now. */
  view(row: SplitRow | null): SplitRow | null {
    return row && { ...row, stage: stageOf(row.weights, this.policy().policy, latchedArms(row.arms)) };
  }

  current(tx: Tx | null): SplitRow | null {
    return tx?.row === undefined ? this.split : tx.row;
  }

  /** One write of the split's row with all that its triggers do. Throws `refused` sentences of the guard as errors. */
  writeSplit(tx: Tx | null, task: Task, weights: Weights, said: Said, evidence: unknown): Commit {
    const before = this.current(tx);
    const policy = this.policy();
    const { baseline, candidates } = policy.policy;
    const reading = readWeights(JSON.stringify(weights), { registered, baseline, candidates });
    if (!reading.ok) throw Object.assign(new Error(reading.sentence), { code: '22023' });
    const nowMs = this.nowMs;
    const version = this.nextVersion(before);
    const after = keepState({
      ...{ was: before, weights: reading.weights, said, policy: policy.policy, nowMs, version },
      journalId: this.journal.length + 1,
      baselineMean: () => this.baselineMean(nowMs),
    });
    const rearms = said.verb === 'sql' && before?.latched === true && !after.latched;
    return this.record(tx, task, { ...said, verb: rearms ? 'rearm' : said.verb }, evidence, before, after, version);
  }

  deleteSplit(task: Task, said: Said): Commit | null {
    const before = this.split;
    if (before === null) return null;
    const version = ++this.versions;
    return this.record(null, task, { ...said, verb: 'delete' }, null, before, null, version);
  }

  writePolicy(task: Task, text: string | null, said: Said): number {
    const before = this.policyRow;
    this.former = [...this.former.slice(-3), { policy: this.policy(), untilMs: this.nowMs }];
    const version = ++this.versions;
    this.policyRow = text === null ? null : { text, version };
    const texts = { was: before?.text ?? null, becomes: text };
    const entry = this.entry(policyKey, said, texts, { from: before?.version ?? null, to: version }, null);
    this.finish({ entry, before: this.split, after: this.split, policy: this.policy(), task, expected: null });
    return version;
  }

  /** Everything of a transaction lands at once. */
  commit(tx: Tx): void {
    if (tx.row !== undefined) this.split = tx.row;
    for (const commit of tx.commits) this.finish(commit);
    for (const effect of tx.effects) effect();
    this.end(tx);
  }

  end(tx: Tx): void {
    tx.isDead = true;
    if (this.rowLock === tx) this.rowLock = null;
    if (this.slotLock === tx) this.slotLock = null;
  }

  /** The server ends transactions that are past their time. */
  endOld(): void {
    const now = this.clock.step();
    for (const tx of [this.rowLock, this.slotLock])
      if (tx !== null && tx.endsAtStep !== null && tx.endsAtStep <= now) this.end(tx);
  }

  private nextVersion(before: SplitRow | null): number {
    if (before === null && this.bug === 'version-rewound') this.versions = 0;
    return ++this.versions;
  }

  private baselineMean(nowMs: number): number | null {
    const fromMs = nowMs - 86_400_000;
    const priced = this.log.sum('fal', 'priced', fromMs, nowMs);
    return priced > 0 ? this.log.sum('fal', 'costNano', fromMs, nowMs) / priced / 1e9 : null;
  }

  private record(
    tx: Tx | null,
    task: Task,
    said: Said,
    evidence: unknown,
    before: SplitRow | null,
    after: SplitRow | null,
    version: number,
  ): Commit {
    const text = (row: SplitRow | null) => row && weightsText(row.weights);
    const texts = { was: text(before), becomes: text(after), stageFrom: before?.stage, stageTo: after?.stage };
    const entry = this.entry(splitKey, said, texts, { from: before?.version ?? null, to: version }, evidence);
    const expected = said.expectedVersion ?? null;
    const commit = { entry, before, after, policy: this.policy(), task, expected };
    if (tx === null) {
      this.split = after;
      this.finish(commit);
    } else {
      tx.row = after;
      tx.commits.push(commit);
      this.rowLock = tx;
    }
    return commit;
  }

  private entry(
    flag_key: string,
    said: Said,
    texts: { was: string | null; becomes: string | null; stageFrom?: string | undefined; stageTo?: string | undefined },
    versions: { from: number | null; to: number },
    evidence: unknown,
  ): Entry {
    const atMs = this.nowMs;
    return {
      ...{ id: this.journal.length + 1, flag_key, seq: 0, at: new Date(atMs).toISOString(), atMs },
      ...{ actor: said.actor, verb: said.verb, reason: said.reason, was: texts.was, becomes: texts.becomes },
      ...{ stage_from: texts.stageFrom ?? null, stage_to: texts.stageTo ?? null },
      ...{ version_from: versions.from, version: versions.to, evidence },
      policy_version: this.policyRow?.version ?? 0,
    };
  }

  private finish(commit: Commit): void {
    const entry = { ...commit.entry, id: this.journal.length + 1 };
    this.journal.push(entry);
    this.committed++;
    this.onCommit({ ...commit, entry });
  }
}
