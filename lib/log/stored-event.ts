/** An event as it is stored: one row of `analytics_logs`. */
export interface StoredEvent {
  readonly event_type: string;
  readonly event_data: Readonly<Record<string, unknown>>;
  /** Milliseconds of monotonic age when the batch is sent; the database subtracts it from its now. */
  readonly age_ms: number;
  /** The request whose one voucher this is, issued while the store was away: it counts unless that has got one. */
  readonly once?: string;
}
