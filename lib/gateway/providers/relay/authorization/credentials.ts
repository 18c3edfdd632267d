import type { Unkeyed } from '../stream-call';

/** A request as it will leave, before anything says who we are. */
export interface Unsigned {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  /** With its mark, or ''. */
  readonly search: string;
  readonly contentType: string | null;
  /** Where `signsBody`; null: there is none. */
  readonly body: Uint8Array | null;
}

interface Credentials {
  readonly search: string;
  /** Names and values by turns. */
  readonly headers: readonly string[];
}

/** Says who we are, as one vendor wants to hear it. */
export interface RelayAuthorization {
  /** The exact bytes are signed: the body must be there whole. */
  readonly signsBody: boolean;
  /** A header of this name is the key's alone. */
  readonly header: string | null;
  credentials(call: Unsigned): Credentials;
  /** Where the key stands in an address: a provider may say it back. */
  readonly unkeyed?: Unkeyed;
  /** What was refused is not sent again. */
  forget(): void;
}
