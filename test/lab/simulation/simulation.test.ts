import { describe, expect, it } from 'vitest';
import { type PlantedBug, plantedBugs } from './planted';
import { type Outcome, simulateRollout } from './rollout';

const long = { timeout: 120_000 };

/** The invariants one of which must speak up for each planted bug, and how many seeds it may take. */
const found: Readonly<Record<Exclude<PlantedBug, 'none'>, readonly [invariants: string, seeds: number]>> = {
  'no-compare-and-set': ['noWriteAgainstAnOldVersion', 200],
  'no-latch': ['noPromotionPastAClosedGate', 10],
  'slot-decided-twice': ['oneDecisionASlot', 10],
  'late-commit': ['versionsFormOneChain aTickJudgesNow', 200],
  'lost-rollback': ['rollbackWithinOneInterval', 40],
  'version-rewound': ['versionsFormOneChain', 20],
  'time-not-served': ['noPromotionPastAClosedGate', 40],
  'stale-log': ['rollbackWithinOneInterval', 40],
};

async function firstViolation(bug: PlantedBug, seeds: number): Promise<Outcome | null> {
  for (let seed = 1; seed <= seeds; seed++) {
    const outcome = await simulateRollout({ seed, bug, days: 2 });
    if (outcome.violation !== null) return outcome;
  }
  return null;
}

describe('the control plane on a virtual clock', () => {
  it('keeps every invariant over 200 rollouts of a simulated day each', long, async () => {
    const violations: unknown[] = [];
    for (let seed = 1; seed <= 200; seed++) {
      const { hash, violation } = await simulateRollout({ seed, days: 1 });
      if (violation !== null) violations.push({ seed, hash, violation });
    }
    expect(violations).toEqual([]);
  });

  it('replays a seed byte for byte', long, async () => {
    const [one, again, other] = [
      await simulateRollout({ seed: 7, days: 2, keepTrace: true }),
      await simulateRollout({ seed: 7, days: 2, keepTrace: true }),
      await simulateRollout({ seed: 8, days: 2 }),
    ];
    expect(again.lines).toEqual(one.lines);
    expect(again.hash).toBe(one.hash);
    expect(other.hash).not.toBe(one.hash);
  });
});

describe('a planted bug is found', () => {
  it.each(plantedBugs.filter((bug) => bug !== 'none'))('%s', long, async (bug) => {
    const [invariants, seeds] = found[bug as Exclude<PlantedBug, 'none'>];
    const outcome = await firstViolation(bug, seeds);
    expect(invariants.split(' ')).toContain(outcome?.violation?.invariant);
  });
});
