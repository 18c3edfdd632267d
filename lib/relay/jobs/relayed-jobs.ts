import type { Asker, Owner, RelayedJob, RelayedStore } from './relayed-store';

const mostKnown = 10_000;

/** Where the jobs of relays live: read once, and remembered, since it never changes. */
export class RelayedJobs {
  private readonly known = new Map<string, RelayedJob>();

  constructor(private readonly store: Pick<RelayedStore, 'find'>) {}

  /** Of two that share an id at two places the first keeps it. */
  note(owner: Owner, job: RelayedJob): void {
    const key = keyOf(owner, job.upstreamId);
    const first = this.known.get(key);
    if (first && (first.provider !== job.provider || first.baseUrl !== job.baseUrl)) return;
    this.known.delete(key);
    this.known.set(key, job);
    const oldest = this.known.keys().next().value;
    if (this.known.size > mostKnown && oldest !== undefined) this.known.delete(oldest);
  }

  /** One for each id, in their order; null: this caller has no such job. Throws where the store is away. */
  async find(owner: Asker, ids: readonly string[]): Promise<readonly (RelayedJob | null)[]> {
    const unknown = ids.filter((id) => !this.known.has(keyOf(owner, id)));
    if (unknown.length > 0) for (const job of await this.store.find(owner, unknown)) this.note(owner, job);
    return ids.map((id) => this.known.get(keyOf(owner, id)) ?? null);
  }
}

const keyOf = ({ caller, prefix }: Owner, id: string): string => JSON.stringify([caller, prefix, id]);
