/** A request that is sent on as it came; both bodies go through this process as they come. */
export interface StreamCall {
  readonly method: string;
  /** In canonical form, without the split's prefix. */
  readonly path: string;
  /** With its mark, or ''. */
  readonly search: string;
  /** Those that pass, names and values by turns. */
  readonly headers: readonly string[];
  /** null: it has none. */
  readonly body: StreamBody | null;
  readonly answer: AnswerSink;
  /** What it is counted under. */
  readonly model: string;
}

export interface StreamBody {
  /** As it was said; null: it ends where it ends. */
  readonly length: number | null;
  /** Its bytes can be read again from the first on, for the next provider. */
  readonly isUntouched: boolean;
  /** Its last byte is here. */
  readonly isWhole: boolean;
  /** A provider waits for its next bytes. */
  readonly isAwaited: boolean;
  /** How long its sender kept us waiting. */
  readonly waitedMs: number;
  chunks(): AsyncIterable<Uint8Array>;
  /** All of it where it is small and here already, kept for the next provider; null: it is not. */
  atOnce(): Uint8Array | null;
  /** Waits for the room to hold so much of it; false: there is none. */
  hasRoom(most: number): Promise<boolean>;
  /** All of it, kept for the next provider; null: there is more. */
  whole(most: number): Promise<Uint8Array | null>;
  /** What is still to come is not wanted. */
  discard(): void;
}

/** What a provider says, without our key; null: there is no saying it without. */
export type Unkeyed = (said: string) => string | null;

/** Where an answer goes, on its way to the caller. */
export interface AnswerSink {
  /** The caller has hung up. */
  readonly isGone: boolean;
  onGone(listener: () => void): void;
  /** The provider listens: the body may come. */
  ready(): void;
  /** Names and values by turns, as they came. */
  begin(
    status: number,
    headers: readonly string[],
    from: { readonly origin: string; readonly pathPrefix: string; readonly unkeyed?: Unkeyed | undefined },
  ): void;
  /** false: it waits for the caller to take some of it. */
  write(chunk: Uint8Array): boolean;
  drained(then: () => void): void;
  end(): void;
  /** What has come is not the whole of it, and must not look like it. */
  break(): void;
}
