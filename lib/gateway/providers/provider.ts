import type { CostBasis } from '@/lib/api/views';
import type { Deadline } from '@/lib/kernel/deadline';
import type { VendorRequest } from '../models/compile-model';
import type { ErrorKind } from './error-kind';
import type { Accepted, Cancelled, JobRef, JobSeen, NewJob } from './job-calls';
import type { RelayOptions } from './relay/options';
import type { StreamCall } from './relay/stream-call';

export type { ErrorKind };

/** What every provider takes and gives, whatever it speaks on the wire. Types only: each adapter fills them. */

interface ProviderImage {
  readonly url: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly contentType: string | null;
  readonly fileName?: string | undefined;
  readonly fileSize?: number | undefined;
}

/** What else a provider said of what it made; what it did not say is not here. */
export interface Said {
  /** Of the first image, where each has one of its own. */
  readonly seed?: number | undefined;
  readonly inferenceSeconds?: number | undefined;
  readonly billableUnits?: string | undefined;
  /** It looked for what is not safe for work, and found none of it in these images. */
  readonly isChecked?: true | undefined;
  /** The model makes one image and no list. */
  readonly isSingle?: boolean | undefined;
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
  readonly said?: Said | undefined;
  /** It is answered later. */
  readonly accepted?: Accepted | undefined;
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
  /** The answer went to the caller as it came. */
  readonly isPassed?: true | undefined;
  /** What was to be sent is used up: it cannot be sent to another. */
  readonly isSpent?: true | undefined;
}

export type ProviderResult = ProviderSuccess | ProviderFailure;

export interface ProbeResult {
  readonly ok: boolean;
  readonly latencyMs: number;
  readonly error: string | null;
  readonly errorKind?: ErrorKind;
  /** Of a relay that answered. */
  readonly seen?: ProbeSeen;
}

/**
 * `unasked`: its dialect has no question that costs nothing. `unknown`: it was asked, and the answer does not say.
 * `page`: what came back is for people, so that no API is there.
 */
export type KeySeen = 'taken' | 'refused' | 'unknown' | 'unasked' | 'page';

/** What the answer to a probe tells besides that the host is there. */
interface ProbeSeen {
  readonly key: KeySeen;
  /** Method and path. */
  readonly asked: string;
  readonly status: number;
  /** Where it would rather be asked. */
  readonly location: string | null;
  /** By its own clock; null: it does not say. */
  readonly dateMs: number | null;
}

/** A call in the provider's own words, which no split decides. */
export interface RelayCall {
  /** Which of its hosts. */
  readonly at: 'run' | 'storage' | 'queue';
  /** Left out: POST. */
  readonly method?: 'GET' | 'PUT' | 'POST' | undefined;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
}

/** What came back, byte by byte. */
export interface RelayAnswer {
  readonly latencyMs: number;
  /** null: no whole answer came. */
  readonly status: number | null;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Uint8Array | null;
  readonly started: ProviderFailure['started'];
  readonly errorKind: ErrorKind | null;
  readonly message: string;
}

/** How a provider is asked whose work is answered later. */
export interface JobCalls {
  /** The wait before the first look, the least the vendor allows between two, and what it grows to. */
  readonly pace: { readonly firstMs: number; readonly floorMs: number; readonly mostMs: number };
  /** A job that has not ended by then never will. */
  readonly ageLimitMs: number;
  /** How many jobs one call asks for; 1 where the vendor knows no list. */
  readonly perPoll: number;
  /** We name the job, so that what became of a create without an answer can be read. */
  readonly readsUnknown: boolean;
  /** Where it was accepted the success has `accepted`, and no image. Never throws. */
  create(request: VendorRequest, job: NewJob, deadline: Deadline): Promise<ProviderResult>;
  /** One for each, in their order. Never throws. */
  poll(jobs: readonly JobRef[], deadline: Deadline): Promise<readonly JobSeen[]>;
  cancel(job: JobRef, deadline: Deadline): Promise<Cancelled>;
}

/** A provider that is sent whatever its callers send. */
export interface Streams {
  readonly options: RelayOptions;
  /** Never throws. `deadline` covers connect, TLS, headers and both bodies. */
  stream(call: StreamCall, deadline: Deadline): Promise<ProviderResult>;
}

export interface Provider {
  readonly name: string;
  /** Whether it may be called. Else `generate` and `probe` answer `auth` and make no call. */
  readonly configured: boolean;
  /** Why it may not, in a sentence; null when it may. */
  readonly whyNot: string | null;
  /** Never throws: every outcome is a value. `deadline` ends it, whatever the peer does. */
  generate(request: VendorRequest, deadline: Deadline): Promise<ProviderResult>;
  /** Left out: it answers within the call, or not at all. */
  readonly jobs?: JobCalls | undefined;
  /** Left out: nothing goes there unread. Never throws. */
  relay?(call: RelayCall, deadline: Deadline): Promise<RelayAnswer>;
  /** Left out: nothing is streamed to it as it came. */
  readonly streams?: Streams | undefined;
  /** An authenticated call that costs nothing. */
  probe(deadline: Deadline): Promise<ProbeResult>;
  close(): Promise<void>;
}
