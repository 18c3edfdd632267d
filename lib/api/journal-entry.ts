/** One row of GET /api/journal. */
export interface JournalEntry {
  readonly id: number;
  readonly flag_key: string;
  readonly seq: number;
  readonly at: string;
  readonly actor: string;
  readonly login: string;
  readonly verb: string;
  readonly was: string | null;
  readonly becomes: string | null;
  readonly stage_from: string | null;
  readonly stage_to: string | null;
  readonly version_from: number | null;
  readonly version: number;
  readonly reason: string | null;
  readonly evidence: unknown;
  readonly policy_version: number | null;
  readonly hash: string;
}
