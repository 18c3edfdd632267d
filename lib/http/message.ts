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
  /** The body is not needed any more: its memory is free while the request is worked on. */
  letGo?(): void;
}

/** A request whose body has not been read yet. */
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
