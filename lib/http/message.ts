import { randomUUID } from 'node:crypto';

/** What is known of a request before its body is read, whichever door it came through: the front or a Next route. */
export interface Head {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  header(name: string): string | null;
  /** Address of the peer, for throttling. */
  readonly remote: string | null;
  readonly requestId: string;
}

/** A request with its body. */
export interface Incoming extends Head {
  /** null when there is none. The door has already enforced the size limit of the route. */
  readonly body: Uint8Array | null;
}

/** A request whose body nobody has read yet. */
export interface Arriving extends Head {
  /** Reads the body, once it is known who sends it. */
  received(): Promise<Incoming>;
}

export interface Outgoing {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | ReadableStream<Uint8Array> | null;
  /** The door calls it when the answer is written out or broken off: what it held in memory is free then. */
  readonly release?: () => void;
}

/** An answer in one piece of text. */
export interface TextOutgoing extends Outgoing {
  readonly body: string;
}

/** Decides for itself when the body is read: not before it is known who sends it. */
export type Handler = (arriving: Arriving) => Promise<Outgoing>;

export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): TextOutgoing {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(body),
  };
}

const sane = /^[\w.:-]{8,64}$/;

/** The caller's own id when it is fit for a log line, else a new one. */
export function requestIdOf(inbound: string | null | undefined): string {
  return inbound && sane.test(inbound) ? inbound : newId();
}

const latest = { ms: 0, start: '' };

/** A UUID of version 7: ids of one time stand together in the log's index, which then grows at its end only. */
function newId(): string {
  const ms = Date.now();
  if (ms !== latest.ms) {
    const hex = ms.toString(16).padStart(12, '0');
    latest.ms = ms;
    latest.start = `${hex.slice(0, 8)}-${hex.slice(8)}-7`;
  }
  return latest.start + randomUUID().slice(15);
}
