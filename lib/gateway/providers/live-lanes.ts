import { hintOf } from '@/lib/registry/keys/key-text';
import type { ProviderEntry } from '@/lib/registry/registry';
import { Lane } from '../request/lane';
import { createProvider } from './create-providers';
import type { Provider } from './provider';
import type { ProviderSettings } from './settings';
import { unconfigured } from './unconfigured';

/** What a provider is made from now, or why it cannot be called. */
export type Made = { readonly settings: ProviderSettings; readonly keyVersion: number } | { readonly whyNot: string };

interface LaneParts {
  readonly breaker: { readonly threshold: number; readonly coolMs: number };
  readonly connections: number;
}

interface Kept {
  readonly lane: Lane;
  /** Everything the provider was made from: another text is another provider. */
  readonly madeFrom: string;
}

const idleLookMs = 250;
const unknownOrigin = { keyVersion: 0, baseUrl: '' };

/**
 * A lane for each registered provider that has an adapter, as the registry and the keys are now. A provider that did
 * not change keeps its lane, with breaker, connections and counts; the calls of one that did go on to their end.
 */
export class LiveLanes {
  /** Always the same map: each holder of it sees every change. */
  readonly lanes = new Map<string, Lane>();
  private kept = new Map<string, Kept>();
  private readonly leaving = new Set<Lane>();
  private timer: NodeJS.Timeout | null = null;
  private baseUrls: readonly string[] = [];

  constructor(private readonly parts: LaneParts) {}

  /** Origins that providers are called at; a sandbox serves its images from there. */
  get origins(): readonly string[] {
    return this.baseUrls;
  }

  /** The lanes that are new. */
  learn(entries: readonly ProviderEntry[], madeOf: (entry: ProviderEntry) => Made): Lane[] {
    const wanted = entries.filter(({ adapter }) => adapter !== null).map((entry) => ({ entry, made: madeOf(entry) }));
    const baseUrls = wanted.flatMap(({ made }) => ('settings' in made ? [made.settings.baseUrl] : []));
    this.baseUrls = baseUrls;
    const before = this.kept;
    this.kept = new Map();
    this.lanes.clear();
    const fresh: Lane[] = [];
    for (const { entry, made } of wanted) {
      const { name, adapter } = entry;
      const madeFrom = JSON.stringify([adapter, made]);
      const old = before.get(name);
      const lane = old?.madeFrom === madeFrom ? old.lane : this.open(entry, made, baseUrls);
      if (lane !== old?.lane) fresh.push(lane);
      this.kept.set(name, { lane, madeFrom });
      this.lanes.set(name, lane);
    }
    for (const [name, { lane }] of before) if (this.kept.get(name)?.lane !== lane) this.leave(lane);
    return fresh;
  }

  private open({ name, adapter }: ProviderEntry, made: Made, baseUrls: readonly string[]): Lane {
    const { breaker, connections } = this.parts;
    const known = 'settings' in made ? originOf(made) : unknownOrigin;
    const origin = { adapter: adapter ?? '', ...known };
    return new Lane(providerOf(name, adapter ?? '', made, baseUrls), breaker, connections, origin);
  }

  /** Closed when no call uses it any more: closing ends the calls that run. */
  private leave(lane: Lane): void {
    this.leaving.add(lane);
    this.timer ??= setInterval(() => this.closeIdle(), idleLookMs).unref();
  }

  private closeIdle(): void {
    for (const lane of this.leaving) {
      if (lane.slots.inUse > 0 || lane.slots.waiting > 0) continue;
      this.leaving.delete(lane);
      void lane.provider.close();
    }
    if (this.leaving.size > 0 || this.timer === null) return;
    clearInterval(this.timer);
    this.timer = null;
  }

  async close(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await Promise.all([...this.lanes.values(), ...this.leaving].map(({ provider }) => provider.close()));
  }
}

function originOf({ settings: { baseUrl, key }, keyVersion }: Extract<Made, { settings: object }>) {
  return { keyVersion, baseUrl, ...(key === null ? {} : { keyHint: hintOf(key) }) };
}

function providerOf(name: string, adapter: string, made: Made, baseUrls: readonly string[]): Provider {
  if ('whyNot' in made) return unconfigured(name, made.whyNot);
  return createProvider(adapter, made.settings, baseUrls) ?? unconfigured(name, `nothing here speaks '${adapter}'`);
}
