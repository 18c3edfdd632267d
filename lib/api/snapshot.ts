import type { Blocker } from '@/lib/rule/blocker';
import type { ChecklistId } from '@/lib/rule/checklist';
import type { Evidence, Hindrance, VerdictKind, Warning } from '@/lib/rule/verdict';
import type { Metric } from '@/lib/split/policy/metrics';
import type { RedLine } from '@/lib/split/policy/policy';
import type { AlertView } from './alerts';
import type { Role } from './roles';
import type { LineTrend, StoryView, TrafficView } from './story';
import type { PolicyView, RecentRequests } from './views';

/** The body of GET /api/rollout, and of each `snapshot` event of GET /api/stream. Times are ISO 8601, UTC. */
export interface Snapshot {
  readonly now: string;
  readonly split: string;
  /** What the split is called in addresses. */
  readonly slug: string;
  readonly version: number;
  readonly mode: 'live' | 'sandbox';
  readonly baseline: string;
  /** The first of them. */
  readonly candidate: string;
  readonly arms: readonly ArmView[];
  readonly weights: Readonly<Record<string, number>>;
  /** Why the stored weights are not what is routed by; `weights` is what instances do, then. */
  readonly weights_fault: string | null;
  readonly stage: string;
  /** Candidates that were rolled back and are missing from the stage: `D1 without x`. */
  readonly without: readonly string[];
  readonly stage_started_at: string | null;
  readonly stage_by: string | null;
  readonly rollout_started_at: string | null;
  readonly paused: { readonly at: string; readonly by: string; readonly reason: string | null } | null;
  /** Set while rolled back and not re-armed; `journal_id` is the row that explains it. */
  readonly latched: {
    readonly at: string;
    readonly by: string;
    readonly reason: string | null;
    readonly journal_id: number;
  } | null;
  readonly plan: readonly PlanStep[];
  readonly observation: {
    readonly served_seconds: number;
    readonly needed_seconds: number | null;
    readonly eligible_at: string | null;
    readonly requests: number;
    readonly needed_requests: number;
  };
  readonly next: { readonly name: string; readonly weights: Readonly<Record<string, number>> } | null;
  readonly blockers: readonly Blocker[];
  readonly red_lines: readonly RedLineView[];
  /** Where the candidate is worse than the baseline beyond chance, whatever its lines say; each closes the gate. */
  readonly warnings: readonly WarningView[];
  readonly observed: {
    readonly window_seconds: number;
    /** `total`, `shares` and `chance` reach back so far: at most the window, and never past the last write. */
    readonly since_seconds: number;
    readonly total: number;
    readonly shares: Readonly<Record<string, number>>;
    /** The whole window, whatever the weights were. */
    readonly recent: { readonly total: number; readonly shares: Readonly<Record<string, number>> };
    readonly alarm: boolean;
    /** Of a split so far from the configured one, whichever candidate it shows in. */
    readonly chance: number | null;
    /** The candidate that it shows in most; null without requests. */
    readonly arm: string | null;
  };
  /** Of the last hour's requests, what not every arm could be told: where it went, and by which field. */
  readonly pinned: readonly {
    readonly arm: string;
    readonly field: string;
    readonly requests: number;
    readonly share: number;
  }[];
  readonly watchdog: {
    readonly alive: boolean;
    readonly last_tick_at: string | null;
    readonly interval_seconds: number;
    readonly by: string | null;
    readonly duration_ms: number | null;
    readonly last_error: string | null;
  };
  readonly providers: Readonly<Record<string, ProviderView>>;
  readonly instances: readonly InstanceView[];
  readonly seen_by_all: boolean;
  readonly alerts: readonly AlertView[];
  readonly checklist: readonly {
    readonly id: ChecklistId;
    /** The candidate that it is about, where there is more than one. */
    readonly arm?: string;
    readonly state: 'ok' | 'waiting' | 'failing';
    readonly detail: string;
  }[];
  readonly story: StoryView;
  readonly traffic: TrafficView;
  /** `auto_advance`: the watchdog takes the next step once every gate is open. */
  readonly policy: Omit<PolicyView, 'policy'> & { readonly auto_advance: boolean };
  readonly build: string;
  readonly migration: string;
  readonly me: { readonly name: string; readonly role: Role };
}

/** One alternative of the split; baseline first, then the candidates in the order of the policy, then the others. */
export interface ArmView {
  readonly name: string;
  readonly provider: string;
  /** Pinned: what a request says of it does not count. */
  readonly model: string | null;
  readonly share: number;
  readonly role: 'baseline' | 'candidate' | 'none';
  /** The furthest stage whose share it has; `rolled_back` while latched, null where it is at none. */
  readonly stage: string | null;
  /** First attempts assigned to it since the stage began; counted for candidates. */
  readonly requests: number;
  readonly rollout_started_at: string | null;
  readonly latched: { readonly at: string; readonly by: string; readonly reason: string | null } | null;
}

export interface PlanStep {
  readonly name: string;
  readonly weights: Readonly<Record<string, number>>;
  readonly observe_seconds: number | null;
  readonly state: 'past' | 'current' | 'next' | 'future';
  readonly entered_at: string | null;
  readonly by: string | null;
}

export interface RedLineView {
  /** The candidate that was judged. */
  readonly arm: string;
  readonly metric: Metric;
  readonly verdict: VerdictKind;
  readonly value: number | null;
  readonly limit: number | null;
  readonly comparison: '>=' | '>';
  readonly n: number;
  readonly window_seconds: number;
  readonly hold_seconds: number;
  readonly breached_for_seconds: number;
  readonly evidence: Evidence | null;
  readonly baseline_value: number | null;
  readonly baseline_n: number;
  readonly hindrance: Hindrance | null;
  /** Vouchers come late: n is what can have come back by now. null: not known, and n is all there is. */
  readonly exposure: { readonly median_delay_seconds: number; readonly known_vouchers: number } | null;
  /** What it does once it is held: take the candidate back, or only alert and block the advance. */
  readonly action: RedLine['action'];
  /** When it rolls back by itself if it stays over its line; null where it is not over, or would only alert. */
  readonly acts_at: string | null;
  readonly trend: LineTrend | null;
  /** The verdict as a sentence in English; the dashboard makes its own from the numbers. */
  readonly explanation: string;
}

export interface WarningView {
  readonly arm: string;
  readonly metric: Warning['metric'];
  readonly since: string;
  /** How many times likelier than luck of assignment, to 1. */
  readonly odds: number;
  /** In English; the dashboard makes its own from the numbers. */
  readonly explanation: string;
}

export interface ProviderView {
  readonly ok: boolean;
  readonly latency_ms: number | null;
  readonly error: string | null;
  readonly configured: boolean;
  readonly deprecated?: boolean;
  readonly breaker: 'closed' | 'open' | 'half_open';
  /** First attempts assigned to it lately, which a probe knows nothing of. */
  readonly recent: RecentRequests;
  readonly simulated: boolean;
}

export interface InstanceView {
  readonly id: string;
  readonly kind: 'web' | 'watchdog';
  readonly version: number | null;
  readonly seen_at: string;
  readonly age_seconds: number;
  readonly alive: boolean;
  readonly spool_depth: number;
  readonly clock_skew_ms: number | null;
}
