import type { DataPlane } from '../request/data-plane';
import type { Served } from './request-finder';

const storeWithinMs = 1000;

/**
 * Which of these requests were served, with `caller` to that one: this process remembers, or the store knows. null
 * when the store would have to be asked and does not answer.
 */
export async function findServed(
  { recent, finder, within }: Pick<DataPlane, 'recent' | 'finder' | 'within'>,
  requestIds: Iterable<string>,
  caller: string | null,
): Promise<ReadonlyMap<string, Served> | null> {
  const found = new Map<string, Served>();
  const unknown: string[] = [];
  for (const id of new Set(requestIds)) {
    const served = recent.find(id, caller);
    if (served) found.set(id, served);
    else unknown.push(id);
  }
  if (unknown.length === 0) return found;
  const stored = finder && (await within(storeWithinMs, finder.find(unknown, caller)).catch(() => null));
  if (stored) for (const [id, served] of stored) found.set(id, served);
  return stored && found;
}
