export const relayedMessage = 'relayed';

/** One request of a relay that may have begun something, as the log tells of it: never a key or a body. */
export interface RelayedLine {
  readonly request_id: string;
  readonly caller: string;
  readonly split: string;
  readonly arm: string;
  readonly provider: string;
  readonly method: string;
  readonly path: string;
  /** null: no answer came. */
  readonly status: number | null;
  readonly bytes_in: number;
  readonly bytes_out: number;
  readonly ms: number;
  /** As the provider calls it. */
  readonly id?: string | null | undefined;
  /** Why there is none. */
  readonly outcome?: string | undefined;
}
