export interface AlertView {
  readonly id: number;
  readonly kind: AlertKind;
  readonly at: string;
  readonly detail: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly journal_id: number | null;
  /** An unacknowledged alert of this sort refuses to advance. */
  readonly blocks_advance: boolean;
  readonly acknowledged: { readonly at: string; readonly by: string; readonly reason: string | null } | null;
  readonly resolved_at: string | null;
}

const alertKinds = [
  'rolled_back',
  'breach_begun',
  'held_not_acted',
  'early_warning',
  'missed_hold',
  'blind',
  'watchdog_silent',
  'store_away',
  'provider_key_dead',
  'provider_unconfigured',
  'weights_invalid',
  'weights_missing',
  'policy_invalid',
  'journal_tampered',
  'all_providers_down',
  'events_doubted',
  'connections_full',
  'local_faults',
  'jobs_blocked',
  'jobs_untracked',
  'test',
] as const;
export type AlertKind = (typeof alertKinds)[number];

/** What a channel may be told: each kind of alert, the most urgent first, and last what people did. */
export const tellable: readonly (AlertKind | 'changed')[] = [
  ...alertKinds.filter((kind) => kind !== 'test'),
  'changed',
];

/** What alerts can be sent to. */
export const channelKinds = ['webhook', 'slack', 'feishu', 'dingtalk', 'wecom'] as const;
export type ChannelKind = (typeof channelKinds)[number];
