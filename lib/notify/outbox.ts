import type { AlertKind, ChannelKind } from '@/lib/api/alerts';

/** Where alerts go. `secret` signs (webhook, feishu, dingtalk); it is never shown again once stored. */
export interface AlertChannel {
  readonly id: number;
  /** What people call it; null: by its host. */
  readonly name: string | null;
  /** What is told there; null: all. */
  readonly alerts: readonly MessageKind[] | null;
  readonly kind: ChannelKind;
  readonly url: string;
  readonly secret: string | null;
  readonly enabled: boolean;
  readonly createdAtMs: number;
  readonly createdBy: string;
}

/** Alerts, and what is told once and needs no acknowledgement: a change of the weights or the state. */
export type MessageKind = AlertKind | 'changed';

/** What one notification says; the same on every try, so that a receiver can tell a repetition. */
export interface AlertMessage {
  /** Stable over retries: the `webhook-id`. */
  readonly id: string;
  readonly kind: MessageKind;
  readonly atMs: number;
  readonly detail: string;
  readonly split: string;
  readonly alertId: number | null;
  readonly journalId: number | null;
  readonly params: Readonly<Record<string, unknown>>;
}

/** `isFinal`: nothing will change it. */
export type DeliveryOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly error: string; readonly isFinal?: true };

export interface Notifier {
  /** Why alerts cannot go to this address; null when they can. Resolves names, so it may take a moment. */
  addressFault(url: string): Promise<string | null>;
  /** Never throws: what went wrong is the outcome. Ends within its own deadline. */
  deliver(channel: Pick<AlertChannel, 'kind' | 'url' | 'secret'>, message: AlertMessage): Promise<DeliveryOutcome>;
}

/** One queued message, leased to this deliverer until the lease ends. */
export type OutboxItem = {
  readonly id: number;
  /** This try included. */
  readonly attempts: number;
  /** Since it was queued. */
  readonly ageSeconds: number;
  /** Who takes it, as the store calls it. */
  readonly receiver: string;
} & (
  | {
      readonly kind: 'alert';
      readonly channel: Pick<AlertChannel, 'kind' | 'url' | 'secret'>;
      readonly message: AlertMessage;
    }
  | { readonly kind: 'job'; readonly job: string; readonly messageId: string; readonly door: string }
);
