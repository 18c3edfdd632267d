import type { ArmEntry } from '@/lib/registry/registry';

/** With these nothing comes of another model at the same provider either. */
const ofTheProvider: ReadonlySet<string> = new Set([
  ...['connect', 'tls', 'auth', 'balance', 'rate_limited', 'circuit_open', 'local', 'queue_timeout', 'cut'],
]);

/** Where one request has been already: never twice at one provider with the same model. */
export class Tried {
  private readonly modelsOf = new Map<string, Set<string | null>>();
  private readonly given = new Set<string>();

  allows({ provider, model }: ArmEntry): boolean {
    return !this.given.has(provider) && this.modelsOf.get(provider)?.has(model) !== true;
  }

  /** `kind` is what came of it. */
  add({ provider, model }: ArmEntry, kind: string | null): void {
    if (kind !== null && ofTheProvider.has(kind)) this.given.add(provider);
    this.modelsOf.set(provider, (this.modelsOf.get(provider) ?? new Set()).add(model));
  }
}
