export type BlockerCode =
  | 'time_not_served'
  | 'line_not_ok'
  | 'early_warning'
  | 'too_few_requests'
  | 'alert_unacknowledged'
  | 'watchdog_silent'
  | 'paused'
  | 'rolled_back'
  | 'provider_not_ok'
  | 'last_stage'
  | 'step_order'
  | 'policy_invalid'
  | 'not_seen_by_all'
  | 'same_provider'
  | 'pinned_traffic';

/** Why advancing is refused; `detail` is a sentence, `params` its numbers for a translated one. */
export interface Blocker {
  readonly code: BlockerCode;
  readonly detail: string;
  readonly params: Readonly<Record<string, string | number | null>>;
}
