import type { CostBasis } from '@/lib/api/views';
import type { Deadline } from '@/lib/kernel/deadline';

/** What every provider takes and gives, whatever it speaks on the wire. Types only: each adapter fills them. */

/** `local`, `queue_timeout` and `cut` are our own doing: nothing of the provider is known from them. */
export type ErrorKind =
  | 'local'
  | 'queue_timeout'
  | 'cut'
  | 'timeout'
  | 'connect'
  | 'tls'
  | 'auth'
  | 'rate_limited'
  | 'content_policy'
  | 'rejected'
  | 'provider_5xx'
  /** The provider's own gateway gave up waiting (HTTP 504); our deadline had not come. */
  | 'gateway_timeout'
  | 'malformed'
  /** An answer that was cut off on its way: the image may have been made. */
  | 'truncated'
  /** A web page in the answer's place: something in between answered, and the provider made nothing. */
  | 'intercepted'
  | 'empty'
  | 'balance';

export interface ImageRequest {
  readonly prompt: string;
  /** An alias such as `flux-schnell`, or a provider's own name; left out: the default model. */
  readonly model?: string | undefined;
  readonly width: number;
  readonly height: number;
  readonly n: number;
  readonly requestId: string;
  /** Name of the caller it was made for; its events keep it. */
  readonly caller?: string | undefined;
}

interface ProviderImage {
  readonly url: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly contentType: string | null;
}

interface Outcome {
  readonly provider: string;
  /** As the provider names it. */
  readonly model: string;
  /** From the call to the last byte, on a monotonic clock at our edge. */
  readonly latencyMs: number;
  /** For all images of the call. */
  readonly costUsd: number | null;
  readonly costBasis: CostBasis;
  readonly providerRequestId: string | null;
  readonly images: readonly ProviderImage[];
}

export interface ProviderSuccess extends Outcome {
  readonly ok: true;
}

export interface ProviderFailure extends Outcome {
  readonly ok: false;
  readonly errorKind: ErrorKind;
  readonly httpStatus: number | null;
  /** Fit for logs and people: no key, at most a few hundred characters. */
  readonly message: string;
  readonly retryAfterMs: number | null;
  /**
   * Whether the provider began the work. `no`: surely not. `yes`: it began and surely failed. `unknown`: it may be
   * making (and billing) the image still, so it must not be submitted again unasked.
   */
  readonly started: 'no' | 'yes' | 'unknown';
  /** The content policy refused the prompt: the caller's matter, not a failure of the provider. */
  readonly refused: boolean;
  /** This process could not call, or could not wait for the answer: not a failure of the provider either. */
  readonly isOurs: boolean;
}

export type ProviderResult = ProviderSuccess | ProviderFailure;

export interface ProbeResult {
  readonly ok: boolean;
  readonly latencyMs: number;
  readonly error: string | null;
  readonly errorKind?: ErrorKind;
}

export interface Provider {
  readonly name: string;
  /** Whether it may be called. Else `generate` and `probe` answer `auth` and make no call. */
  readonly configured: boolean;
  /** Why it may not, in a sentence; null when it may. */
  readonly whyNot: string | null;
  /** Never throws: every outcome is a value. `deadline` ends it, whatever the peer does. */
  generate(request: ImageRequest, deadline: Deadline): Promise<ProviderResult>;
  /** An authenticated call that costs nothing. */
  probe(deadline: Deadline): Promise<ProbeResult>;
  close(): Promise<void>;
}
