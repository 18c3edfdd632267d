/** One request, whichever door it came through: the node:http front or a Next route handler. */
export interface Incoming {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  header(name: string): string | null;
  /** null when there is none. The door has already enforced the size limit of the route. */
  readonly body: Uint8Array | null;
  /** Address of the peer, for throttling. */
  readonly remote: string | null;
  readonly requestId: string;
}

export interface Outgoing {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | ReadableStream<Uint8Array> | null;
}

export type Handler = (incoming: Incoming) => Promise<Outgoing>;

export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Outgoing {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(body),
  };
}
