import type { AttemptView } from '@/lib/api/views';
import type { ErrorKind, ProviderSuccess } from '../providers/provider';

export type Ending =
  | { readonly kind: 'done'; readonly result: ProviderSuccess }
  | { readonly kind: 'refused'; readonly provider: string; readonly message: string }
  | { readonly kind: 'unknown'; readonly provider: string; readonly message: string; readonly errorKind: ErrorKind }
  | { readonly kind: 'failed'; readonly provider: string; readonly message: string; readonly errorKind: ErrorKind }
  /** Nothing was sent, and no provider is to blame. */
  | { readonly kind: 'local'; readonly provider: string; readonly message: string; readonly errorKind: ErrorKind }
  | { readonly kind: 'unavailable'; readonly retryAfterMs: number; readonly noKeys?: true };

export interface Generated {
  readonly ending: Ending;
  readonly assigned: string;
  readonly attempts: readonly AttemptView[];
  readonly latencyMs: number;
  readonly weightsVersion: number | null;
}
