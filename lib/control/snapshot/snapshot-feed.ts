import type { Actor } from '@/lib/access/identity';
import type { Snapshot } from '@/lib/api/snapshot';

export type Shared = Omit<Snapshot, 'me'>;

/** What a feed tells of: when it was read, and by which version. */
interface Dated {
  readonly now: string;
  readonly version: number;
}

/** `still`: looked again, and nothing but ages has changed up to then. */
export type FeedNews<Shot extends Dated = Dated> =
  | { readonly snapshot: Shot }
  | { readonly still: string }
  | { readonly trouble: string };

const freshMs = 200;
const pollMs = 1_000;
const hintMs = 100;
/** Ages and verdicts move without a write; a page shows them at most this late. */
const quietMs = 5_000;

interface FeedParts<Shot extends Dated> {
  readonly load: () => Promise<Shot>;
  readonly monotonic: () => number;
  /** Something in memory that changes when there is news; asked often while a stream is open. */
  readonly hint: () => unknown;
}

export type SnapshotFeed = Feed<Shared>;

export interface Feed<Shot extends Dated = Dated> {
  /** The name of its events in a stream. */
  readonly event: string;
  /** The present one for one caller; readers within a moment of each other share one reading. */
  read(actor: Actor): Promise<Shot & { readonly me: Actor }>;
  /** Something was written: the next reader reads, and streams hear of it at once. */
  poke(): void;
  /** Tells each change until the returned function is called. However many listen, the database is read once. */
  subscribe(listener: (news: FeedNews<Shot>) => void): () => void;
}

export function snapshotFeed(parts: FeedParts<Shared>): SnapshotFeed {
  return liveFeed('snapshot', parts, gistOf);
}

/** `gist`: the part that makes a new one news. */
export function liveFeed<Shot extends Dated>(
  event: string,
  { load, monotonic, hint }: FeedParts<Shot>,
  gist: (shot: Shot) => string,
): Feed<Shot> {
  const listeners = new Set<(news: FeedNews<Shot>) => void>();
  let reading: { readonly at: number; readonly result: Promise<Shot> } | null = null;
  let timer: NodeJS.Timeout | undefined;
  let hinting: NodeJS.Timeout | undefined;
  let told = { at: Number.NEGATIVE_INFINITY, gist: '' };

  const fresh = (): Promise<Shot> => {
    if (reading !== null && monotonic() - reading.at < freshMs) return reading.result;
    const mine = { at: monotonic(), result: load() };
    reading = mine;
    mine.result.catch(() => {
      if (reading === mine) reading = null;
    });
    return mine.result;
  };

  const tell = (news: FeedNews<Shot>) => {
    for (const listener of listeners) listener(news);
  };

  const look = async () => {
    clearTimeout(timer);
    try {
      const snapshot = await fresh();
      const now = gist(snapshot);
      if (now !== told.gist || monotonic() - told.at >= quietMs) {
        told = { at: monotonic(), gist: now };
        tell({ snapshot });
      } else tell({ still: snapshot.now });
    } catch (error) {
      tell({ trouble: error instanceof Error ? error.message : String(error) });
    }
    clearTimeout(timer);
    if (listeners.size > 0) timer = setTimeout(look, pollMs).unref();
  };

  const poke = () => {
    reading = null;
    if (listeners.size > 0) void look();
  };

  const followHint = () => {
    let last = hint();
    hinting = setInterval(() => {
      const now = hint();
      if (now === last) return;
      last = now;
      poke();
    }, hintMs).unref();
  };

  return {
    event,
    read: async ({ name, role }) => ({ ...(await fresh()), me: { name, role } }),
    poke,
    subscribe(listener) {
      listeners.add(listener);
      fresh().then(
        (snapshot) => listeners.has(listener) && listener({ snapshot }),
        (error: unknown) => listeners.has(listener) && listener({ trouble: String(error) }),
      );
      if (listeners.size === 1) {
        timer = setTimeout(look, pollMs).unref();
        followHint();
      }
      return () => {
        if (!listeners.delete(listener) || listeners.size > 0) return;
        clearTimeout(timer);
        clearInterval(hinting);
      };
    },
  };
}

/** What of a snapshot is news: everything but its clock, and the ages and sentences that follow from it. */
function gistOf({ now: _now, observation, watchdog, instances, blockers, checklist, ...rest }: Shared): string {
  const { served_seconds: _served, ...observed } = observation;
  const { last_tick_at: _at, duration_ms: _took, ...tick } = watchdog;
  const seen = instances.map(({ seen_at: _seen, age_seconds: _age, clock_skew_ms: _skew, ...instance }) => instance);
  const gates = blockers.map(({ code }) => code);
  const ticks = checklist.map(({ id, state }) => `${id} ${state}`);
  return JSON.stringify([rest, observed, tick, seen, gates, ticks]);
}
