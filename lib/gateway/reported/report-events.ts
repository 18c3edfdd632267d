import { type Caller, speaksFor } from '@/lib/registry/callers/caller';
import type { DataPlane } from '../request/data-plane';
import type { ItemFault } from './event-faults';
import { findServed } from './find-served';
import { ingestEvents } from './ingest-events';

/** Records what a caller may report; null when the store must say whose requests these are, and does not answer. */
export async function reportEvents(
  plane: Pick<DataPlane, 'recent' | 'finder' | 'within' | 'events' | 'weights' | 'splits' | 'storeClock'>,
  items: readonly unknown[],
  caller: Caller,
): Promise<ItemFault[] | null> {
  const mine = speaksFor(caller);
  const served = mine === null ? new Map() : await findServed(plane, requestIdsOf(items), mine);
  if (served === null) return null;
  const nowMs = await plane.storeClock.now();
  const { registry, all } = plane.splits;
  const providers = registry.providers.map(({ name }) => name);
  const armsOf = (split: string) => {
    const arms = all.get(split)?.arms;
    return arms === undefined ? null : [...arms.keys()];
  };
  return ingestEvents(plane.events, items, { providers, armsOf, nowMs, caller, served });
}

function requestIdsOf(items: readonly unknown[]): string[] {
  return items.flatMap((item) => {
    const id = (item as { event_data?: { request_id?: unknown } } | null)?.event_data?.request_id;
    return typeof id === 'string' && id.length <= 128 && !id.includes('\0') ? [id] : [];
  });
}
