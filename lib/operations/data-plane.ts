import type { Deduplicator } from './deduplicate';
import type { EventQueue } from './event-queue';
import type { GenerateParts } from './generate';
import type { Lane } from './lane';
import type { Clock } from './ports';
import type { RequestFinder, VoucherStore, Within } from './ports/data-plane';
import type { RecentRequests } from './recent-requests';
import type { StoreClock } from './store-clock';
import type { WatchdogNews } from './watchdog-news';
import type { WeightsInMemory } from './weights-in-memory';

/** Everything a request of the data plane meets; one of it in each process. */
export interface DataPlane {
  readonly generate: GenerateParts;
  readonly lanes: ReadonlyMap<string, Lane>;
  readonly weights: WeightsInMemory;
  readonly events: EventQueue;
  readonly watchdog: WatchdogNews;
  readonly recent: RecentRequests;
  readonly finder: RequestFinder | null;
  readonly vouchers: VoucherStore | null;
  readonly deduplicator: Deduplicator;
  readonly within: Within;
  readonly clock: Clock;
  readonly storeClock: StoreClock;
  readonly isSandbox: boolean;
  /** Why no provider could serve this model; null when all can. */
  modelFault(model: string | undefined): string | null;
  /** The bytes of an image a provider made, for callers that want them in the answer. */
  fetchImage(url: string): Promise<Uint8Array>;
  /** Re-reads the weights when this process was asleep; 250 ms at most, and nothing at all while it is awake. */
  wake(): Promise<void> | null;
}
