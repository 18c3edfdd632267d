import type { Control } from '@/lib/control/control';
import { storedSplitOf } from '@/lib/control/flags/stored-flags';
import { sayingOf, splitAsRouted } from '@/lib/control/rollout/as-instances-say';
import { rolloutFrom, rolloutWithoutGate } from '@/lib/control/rollout/read-rollout-now';
import { restingRollout } from '@/lib/control/rollout/resting-rollout';
import type { JudgedRollout } from '@/lib/control/rollout/rollout-now';
import type { PassReading, Standing, StandingSplit } from '@/lib/control/ticks/pass-store';
import { firstSplit } from '@/lib/split/split-key';
import { isLive } from '@/lib/split/stages';

/** One split as a pass found it. */
export interface Screened {
  readonly split: string;
  /** null: it could not be judged. */
  readonly rollout: JudgedRollout | null;
  /** Nothing is routed to a candidate and nothing waits to be understood: it needs no row of its own. */
  readonly isResting: boolean;
  readonly error: unknown;
}

type ControlOf = (split: string) => Pick<Control, 'facts'>;

/** Every split as it stands, judged by the live rule; those at rest by what was read of all. */
export async function screenSplits(
  reading: PassReading,
  controlOf: ControlOf,
  without: ReadonlyMap<string, unknown>,
): Promise<readonly Screened[]> {
  // The first split is under way whatever it stands at, so that its ticks are asked for with all that stands.
  const [standing, ofFirst] = await Promise.all([reading.standing(), reading.ticks([firstSplit])]);
  const known = standing.splits
    .filter(({ key }) => !without.has(key))
    .map((split) => ({ split, ...standOf(reading, standing, split) }));
  const underWay = known.filter(({ isResting, error }) => !isResting && error === null).map(({ split }) => split.key);
  const others = await reading.ticks(underWay.filter((key) => key !== firstSplit));
  const ticks = new Map([...ofFirst, ...others]);
  const judging = known.map(async ({ split, stands, isResting, error }): Promise<Screened> => {
    if (stands === null || error !== null) return { split: split.key, rollout: null, isResting, error };
    const { facts } = controlOf(split.key);
    const ofSplit = { ...stands, alerts: split.alerts, instances: standing.instances };
    try {
      if (isResting)
        return { split: split.key, rollout: restingRollout(stands.row, split.key, ofSplit), isResting, error };
      const sources = { metrics: reading.metrics(split.key), facts };
      const last = ticks.get(split.key) ?? { any: null, decided: null };
      const judge = stands.policy.policy.autoAdvance ? rolloutFrom : rolloutWithoutGate;
      const rollout = await judge(sources, { ...ofSplit, ticks: last });
      return { split: split.key, rollout, isResting, error };
    } catch (failure) {
      return { split: split.key, rollout: null, isResting, error: failure };
    }
  });
  const failed = [...without].map(([split, error]) => ({ split, rollout: null, isResting: false, error }));
  return [...(await Promise.all(judging)), ...failed];
}

/** Its row and policy; the first split is judged whole also at rest, for what its heartbeat says of each line. */
function standOf(reading: PassReading, { instances }: Standing, { key, columns }: StandingSplit) {
  try {
    const policy = reading.lastGood(key).learn(columns.policy, columns.registered);
    const split = storedSplitOf(columns, policy.policy);
    const row = splitAsRouted(split, policy.policy, sayingOf(key, instances));
    const rests =
      key !== firstSplit && !row.latched && row.weightsFault === null && !isLive(row.weights, policy.policy);
    return { stands: { split, policy, row }, isResting: rests, error: null };
  } catch (error) {
    return { stands: null, isResting: false, error };
  }
}
