import type { JobCalls, Provider } from '@/lib/gateway/providers/provider';
import type { JobPlace } from './lease';

/** How the provider of a place is opened now. `elsewhere`: this process has no key for it, and another may. */
export type Found =
  | { readonly madeFrom: string; readonly open: () => Provider | null }
  | { readonly whyNot: string; readonly elsewhere?: boolean };

/** The jobs of a place can be asked for, or why not. */
export type Reached =
  | { readonly provider: Provider; readonly calls: JobCalls; readonly use: Use }
  | { readonly whyNot: string; readonly elsewhere?: boolean };

/** Calls that run through a provider; it is closed when there are none. */
interface Use {
  running: number;
}

interface Kept extends Use {
  readonly provider: Provider;
  readonly madeFrom: string;
  usedAtMs: number;
}

const idleMs = 60_000;

/**
 * A provider for each name, key version and address that jobs live at, apart from those that requests are sent to: what
 * was made with an older key is asked for with that key, whatever has come since.
 */
export class JobProviders {
  private readonly kept = new Map<string, Kept>();
  private readonly leaving = new Set<Kept>();

  constructor(
    private readonly find: (place: JobPlace) => Found,
    private readonly monotonic: () => number,
  ) {}

  at(place: JobPlace): Reached {
    const found = this.find(place);
    if ('whyNot' in found) return found;
    const key = JSON.stringify([place.provider, place.adapter, place.keyVersion, place.baseUrl]);
    const kept = this.keptAs(key, found);
    const { provider } = kept ?? {};
    if (kept === null || provider === undefined) return { whyNot: `nothing here speaks '${place.adapter}'` };
    if (!provider.configured) return { whyNot: provider.whyNot ?? `${provider.name} cannot be called` };
    if (!provider.jobs) return { whyNot: `nothing here asks '${place.adapter}' for jobs` };
    kept.usedAtMs = this.monotonic();
    return { provider, calls: provider.jobs, use: kept };
  }

  private keptAs(key: string, { madeFrom, open }: Extract<Found, { madeFrom: string }>): Kept | null {
    const old = this.kept.get(key);
    if (old?.madeFrom === madeFrom) return old;
    if (old) this.leaving.add(old);
    this.kept.delete(key);
    const provider = open();
    if (provider === null) return null;
    const kept = { provider, madeFrom, running: 0, usedAtMs: this.monotonic() };
    this.kept.set(key, kept);
    return kept;
  }

  /** Closes those that no job has needed for a while. */
  sweep(): void {
    const before = this.monotonic() - idleMs;
    for (const [key, kept] of this.kept) {
      if (kept.usedAtMs > before || kept.running > 0) continue;
      this.kept.delete(key);
      this.leaving.add(kept);
    }
    for (const kept of this.leaving) {
      if (kept.running > 0) continue;
      this.leaving.delete(kept);
      void kept.provider.close();
    }
  }

  async close(): Promise<void> {
    const all = [...this.kept.values(), ...this.leaving];
    this.kept.clear();
    this.leaving.clear();
    await Promise.all(all.map(({ provider }) => provider.close()));
  }
}
