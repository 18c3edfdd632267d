import type { CostBasis } from '@/lib/api/views';
import type { Fields } from '../models/image-request';
import type { ErrorKind } from './error-kind';

/** What is said of work that is answered later. Types only: each adapter fills them. */

export interface NewJob {
  /** A UUID (v4) of ours: the vendor is told it where it lets us name the job. */
  readonly id: string;
  /** Where the vendor may tell us that something is new; null: nowhere. */
  readonly webhookUrl: string | null;
}

/** What the vendor bound it to. */
export interface Accepted {
  readonly upstreamId: string;
  /** Whatever else it takes to ask for it there: the application's path, the segment of its type. */
  readonly upstream: Fields;
}

export interface JobRef {
  readonly id: string;
  /** null: no answer to the create came; found by our own id or not at all. */
  readonly upstreamId: string | null;
  readonly upstream: Fields;
  /** As the provider calls the model. */
  readonly model: string;
  readonly ageMs: number;
}

export type OutputKind = 'video' | 'image' | 'audio' | 'file';

export interface JobOutput {
  readonly url: string;
  readonly kind: OutputKind;
  readonly contentType: string | null;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly seconds?: number | undefined;
  readonly bytes?: number | undefined;
  readonly thumbnailUrl?: string | undefined;
}

export type Charged = 'yes' | 'no' | 'unknown';

/** By the amount that a provider says it took; null: it says none. */
export const chargedOf = (amount: number | null): Charged => (amount === null ? 'unknown' : amount > 0 ? 'yes' : 'no');

export interface JobCost {
  readonly costUsd: number | null;
  readonly costBasis: CostBasis;
}

export const unknownCost = { costUsd: null, costBasis: 'unknown' } as const satisfies JobCost;

export interface JobLog {
  readonly message: string;
  readonly level: string | null;
  readonly source: string | null;
  readonly timestamp: string | null;
}

/** What one look at a job taught. */
export type JobSeen =
  | {
      readonly kind: 'running';
      /** It waits for its turn at the provider, or is worked on. */
      readonly phase: 'queued' | 'running';
      /** 0 to 1; null: not said. */
      readonly progress: number | null;
      readonly queuePosition?: number | undefined;
      readonly logs?: readonly JobLog[] | undefined;
      /** The provider's id, where only our own was known. */
      readonly accepted?: Accepted | undefined;
    }
  | ({
      readonly kind: 'completed';
      readonly outputs: readonly JobOutput[];
      /** The vendor's own answer. */
      readonly payload: unknown;
      readonly logs?: readonly JobLog[] | undefined;
      /** Seconds, images or characters: what its price is by. */
      readonly units: number | null;
      /** Milliseconds from now until the links expire; null: not known. */
      readonly linksForMs: number | null;
      readonly accepted?: Accepted | undefined;
    } & JobCost)
  | ({
      readonly kind: 'failed';
      readonly errorKind: ErrorKind;
      readonly message: string;
      /** Of the vendor's answer about the result. */
      readonly httpStatus: number | null;
      readonly payload: unknown;
      readonly charged: Charged;
      readonly accepted?: Accepted | undefined;
    } & JobCost)
  /** It was cancelled there. */
  | { readonly kind: 'cancelled'; readonly charged: Charged }
  /** The provider does not know it: too early still, or its result is gone. */
  | { readonly kind: 'absent'; readonly message: string }
  /** The look failed, and nothing is known from it. */
  | {
      readonly kind: 'unread';
      readonly errorKind: ErrorKind;
      readonly message: string;
      readonly retryAfterMs: number | null;
    };

/** `asked`: a poll will tell. `late`: it had ended. `impossible`: the vendor has no way to. */
export type Cancelled =
  | { readonly kind: 'asked' | 'late' | 'absent' | 'impossible' }
  | { readonly kind: 'unread'; readonly errorKind: ErrorKind; readonly message: string };
