import type { Attempt } from '../attempt';

/** A provider that is sent what comes to prefixes, as its row and its key stand now. */
export interface RelayUnderTest {
  readonly provider: string;
  /** Arms that send to it, as `new of kling`. */
  readonly arms: readonly string[];
  readonly baseUrl: string | null;
  /** Why it cannot be called, in a sentence; null: it can. */
  readonly whyNot: string | null;
  readonly dialect: string;
  /** How the key goes: the name of a scheme. */
  readonly scheme: string;
  /** Where its key comes from; never the key. */
  readonly keyFrom: string | null;
  /** With the key, where its dialect has a question that costs nothing; else only whether the host answers. */
  probe(signal: AbortSignal): Promise<RelayProbe>;
}

export interface RelayProbe {
  readonly ok: boolean;
  readonly error: string | null;
  /** null: no answer came. */
  readonly seen: {
    readonly key: 'taken' | 'refused' | 'unknown' | 'unasked' | 'page';
    readonly asked: string;
    readonly status: number;
    readonly location: string | null;
    readonly dateMs: number | null;
  } | null;
}

/** What a TLS handshake tells of the server that answers. */
export type Handshake = Attempt & {
  readonly daysLeft?: number;
  /** From the certificate of the host to that of the authority. */
  readonly chain?: readonly string[];
};

/** What the way there is looked at with; none of these throws, each ends at `signal`. */
export interface NetworkInstruments {
  resolve(host: string, signal: AbortSignal): Promise<Attempt>;
  connect(host: string, port: number, signal: AbortSignal): Promise<Attempt>;
  handshake(host: string, port: number, signal: AbortSignal): Promise<Handshake>;
  now(): number;
}

export type Step = 'address' | 'dns' | 'tcp' | 'tls' | 'key' | 'clock';

/** One thing that was looked at, and what to do where it is not as it should be. */
export interface RelayLine {
  readonly step: Step;
  readonly status: 'ok' | 'warn' | 'fail' | 'skipped';
  readonly what: string;
  readonly fix: string | null;
}
