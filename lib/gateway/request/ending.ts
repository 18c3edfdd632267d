import type { AttemptView } from '@/lib/api/views';
import type { ArmEntry } from '@/lib/registry/registry';
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
  /** Its slug. */
  readonly split: string;
  /** Where it ended. */
  readonly arm: ArmEntry;
  readonly assigned: string;
  readonly attempts: readonly AttemptView[];
  readonly latencyMs: number;
  readonly weightsVersion: number | null;
  /** It got no image, and a provider may bill for one: a caller who sends it again may pay twice. */
  readonly mayBePaid: boolean;
  /** What it was pinned by: not every arm can be told these. Undefined: it was drawn. */
  readonly pinned?: readonly string[] | undefined;
  /** Left out where it ended. */
  readonly dropped?: readonly string[] | undefined;
  /** Said there as another value than was written. */
  readonly mapped?: readonly string[] | undefined;
}
