import type { AttemptView } from '@/lib/api/views';
import type { ArmEntry } from '@/lib/registry/registry';
import type { ErrorKind, ProviderResult, ProviderSuccess } from '../providers/provider';

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

export function endingOf(result: ProviderResult): Ending {
  if (result.ok) return { kind: 'done', result };
  const { provider, message, errorKind } = result;
  if (result.refused) return { kind: 'refused', provider, message };
  if (result.started === 'unknown') return { kind: 'unknown', provider, message, errorKind };
  if (result.isOurs) return { kind: 'local', provider, message, errorKind };
  return { kind: 'failed', provider, message, errorKind };
}

/** With these nothing comes of another model at the same provider either. */
const ofTheProvider: ReadonlySet<string> = new Set([
  ...['connect', 'tls', 'auth', 'balance', 'rate_limited', 'circuit_open', 'local', 'queue_timeout', 'cut'],
]);

/** Where one request has been already: never twice at one provider with the same model. Nearly all need but one attempt. */
export class Tried {
  private modelsOf: Map<string, Set<string | null>> | null = null;
  private given: Set<string> | null = null;

  allows({ provider, model }: ArmEntry): boolean {
    return this.given?.has(provider) !== true && this.modelsOf?.get(provider)?.has(model) !== true;
  }

  /** `kind` is what came of it. */
  add({ provider, model }: ArmEntry, kind: string | null): void {
    if (kind !== null && ofTheProvider.has(kind)) this.given = (this.given ?? new Set()).add(provider);
    this.modelsOf ??= new Map();
    this.modelsOf.set(provider, (this.modelsOf.get(provider) ?? new Set()).add(model));
  }
}
