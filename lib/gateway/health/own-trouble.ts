import type { Lane } from '../request/lane';

/** A shorter wait is a burst that its queue is there for. */
const longWaitMs = 1000;

/** What this process does wrong by itself lately, in a sentence each; none of it is the provider's. */
interface OwnTrouble {
  readonly kind: 'connections_full' | 'local_faults';
  readonly provider: string;
  readonly detail: string;
}

export function ownTrouble(lanes: ReadonlyMap<string, Lane>, nowMs: number): OwnTrouble[] {
  return [...lanes].flatMap(([provider, lane]) => {
    const found: OwnTrouble[] = [];
    const waits = waitsOf(lane, nowMs);
    if (waits !== null) found.push({ kind: 'connections_full', provider, detail: `${provider}: ${waits}` });
    const faults = lane.trouble.faults(nowMs);
    if (faults) {
      const detail = `${provider}: ${faults.count} calls failed on our side lately, last: ${faults.message}.`;
      found.push({ kind: 'local_faults', provider, detail });
    }
    return found;
  });
}

function waitsOf(lane: Lane, nowMs: number): string | null {
  const waits = lane.trouble.waits(nowMs);
  if (!waits || (waits.gaveUp === 0 && waits.longestMs < longWaitMs)) return null;
  const lost = waits.gaveUp > 0 ? `, ${waits.gaveUp} in vain (503)` : '';
  return (
    `all ${lane.slots.most} connections were in use: ${waits.count} calls waited, the longest ` +
    `${(waits.longestMs / 1000).toFixed(1)} s${lost}. Raise SLUICE_PROVIDER_CONNECTIONS or run more web processes.`
  );
}
