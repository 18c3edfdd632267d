import type { DataPlane } from '../request/data-plane';
import type { Lane } from '../request/lane';

const probeWithinMs = 8000;

/** Asks every configured provider whether our key works; the answers are what health shows until the next round. */
export function probeProviders(plane: DataPlane): Promise<void> {
  return probeLanes(plane, [...plane.lanes.values()]);
}

export async function probeLanes(plane: DataPlane, lanes: readonly Lane[]): Promise<void> {
  await Promise.all(
    lanes
      .filter(({ provider }) => provider.configured)
      .map(async (lane) => {
        const deadline = plane.generate.startDeadline(probeWithinMs);
        try {
          const result = await lane.provider.probe(deadline.signal);
          const atMs = plane.clock.monotonic();
          // A probe that this machine could not send says nothing of the provider.
          if (result.errorKind === 'local')
            lane.trouble.noteFault({ errorKind: 'local', message: result.error ?? '' }, atMs);
          else lane.probe = { result, atMs };
        } finally {
          deadline.clear();
        }
      }),
  );
}
