import type { WatchdogNews } from '@/lib/control/instances/watchdog-news';
import type { Clock } from '@/lib/kernel/clock';
import type { Within } from '@/lib/kernel/within';
import type { EventQueue } from '@/lib/log/event-queue';
import type { StoreClock } from '@/lib/log/store-clock';
import type { FetchImage } from '../providers/fetch-image';
import type { OpenFile } from '../providers/outward/open-file';
import type { RequestFinder } from '../reported/request-finder';
import type { VoucherStore } from '../reported/voucher-store';
import type { SplitsInMemory } from '../weights/splits-in-memory';
import type { WeightsInMemory } from '../weights/weights-in-memory';
import type { Deduplicator } from './deduplicate';
import type { GenerateParts } from './generate-parts';
import type { HeldBytes } from './held-bytes';
import type { Lane } from './lane';
import type { RecentRequests } from './recent-requests';

/** Everything a request of the data plane meets; one of it in each process. */
export interface DataPlane {
  readonly generate: GenerateParts;
  readonly lanes: ReadonlyMap<string, Lane>;
  readonly splits: SplitsInMemory;
  /** Of the first split. */
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
  /** The bytes of an image a provider made, for callers that want them in the answer. */
  readonly fetchImage: FetchImage;
  /** A file a provider made, as it comes. */
  readonly openFile: OpenFile;
  /** The room for such bytes, until their callers have read them. */
  readonly heldBytes: HeldBytes;
  /** The room for large bodies of requests, until they are answered. */
  readonly heldRequests: HeldBytes;
  /** Re-reads the weights when this process was asleep; 250 ms at most, and nothing at all while it is awake. */
  wake(): Promise<void> | null;
}
