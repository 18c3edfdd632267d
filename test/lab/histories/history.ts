/** One line of a history. Times are monotonic milliseconds of the process that writes it. */
export type Line =
  | {
      readonly type: 'invoke';
      readonly n: number;
      readonly client: string;
      readonly op: OpName;
      readonly at: number;
      /** The key of the split that it concerns. */
      readonly split: string;
    }
  | ({ readonly type: 'ok' | 'fail' | 'unknown'; readonly n: number; readonly at: number } & Result)
  | {
      readonly type: 'fault';
      readonly what: string;
      readonly target: string;
      readonly at: number;
      readonly said?: string;
    };

export const writes = ['advance', 'weights', 'rollback', 'pause', 'resume', 'rearm', 'sql', 'cli', 'script'] as const;
export const opNames = [...writes, 'read', 'generate'] as const;
export type OpName = (typeof opNames)[number];

/** What is known of an operation's end. */
export interface Result {
  /** The version written, read, or routed by. */
  readonly version?: number | null;
  /** The version that a write was made against; null: whatever was there. */
  readonly against?: number | null;
  /** A rollback that had nothing to do. */
  readonly already?: boolean;
  /** The process that answered: `web-1#3`, its third life. */
  readonly by?: string;
  readonly requestId?: string;
  /** The arm that was drawn, and how many attempts there were. */
  readonly arm?: string;
  readonly attempts?: number;
  /** Why not, in a few words. */
  readonly why?: string;
}

export interface JournalRow {
  readonly seq: number;
  readonly actor: string;
  readonly verb: string;
  readonly reason: string | null;
  readonly becomes: string;
  readonly stage_from: string | null;
  readonly stage_to: string;
  readonly version_from: number | null;
  readonly version: number;
}

/** What the database holds of one split once everybody has stopped. */
export interface Remains {
  readonly baseline: string;
  /** The journal of the split, in order. */
  readonly journal: readonly JournalRow[];
  /** The split's version now. */
  readonly version: number;
  readonly journalFaults: readonly string[];
  /** Rows of the log by request: its ends, good or bad, and its attempts. */
  readonly events: Readonly<Record<string, { readonly ends: number; readonly routes: number }>>;
}

/** Every operation's journal row says which operation it was. */
export const reasonOf = (n: number): string => `operation ${n}`;
