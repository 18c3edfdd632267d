import { klingVendor, sandboxKlingKey } from '@/lib/gateway/providers/sandbox/jobs/kling';
import { aggregatorVendor, sandboxAggregatorKey } from '@/lib/gateway/providers/sandbox/relays/aggregator';
import { jimengVendor, sandboxJimengKey } from '@/lib/gateway/providers/sandbox/relays/jimeng';
import { runwayVendor, sandboxRunwayKey } from '@/lib/gateway/providers/sandbox/relays/runway';
import { serveVendor, type VendorServer } from './server';

const played = {
  aggregator: [aggregatorVendor, sandboxAggregatorKey],
  runway: [runwayVendor, sandboxRunwayKey],
  kling: [klingVendor, sandboxKlingKey],
  jimeng: [jimengVendor, sandboxJimengKey],
} as const;

export type RelaySandbox = Readonly<Record<keyof typeof played, VendorServer>> & { close(): Promise<void> };

/** An aggregator and three vendors that relays lead to, each on any free port. */
export async function startRelaySandbox(seed = 1): Promise<RelaySandbox> {
  const all = await Promise.all(
    Object.entries(played).map(
      async ([name, [vendor, key]], at) => [name, await serveVendor(vendor(), 0, key, seed + at)] as const,
    ),
  );
  const servers = Object.fromEntries(all) as Record<keyof typeof played, VendorServer>;
  return { ...servers, close: async () => void (await Promise.all(all.map(([, server]) => server.close()))) };
}
