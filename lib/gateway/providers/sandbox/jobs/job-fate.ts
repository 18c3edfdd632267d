import type { Chance } from '../chance';
import type { Faults } from '../faults';

/** What will become of a job, drawn when it is made. */
export interface Fate {
  /** Its create is answered 502. */
  readonly isHidden: boolean;
  readonly lastsMs: number;
  readonly end: 'well' | 'failed' | 'dead_link' | 'gone' | 'both';
  readonly goesBack: boolean;
}

export function drawMs(lasting: Faults['latencyMs'], chance: Chance): number {
  return typeof lasting === 'number' ? lasting : chance.latencyMs(lasting.median, lasting.p95);
}

export function drawFate(faults: Faults, chance: Chance, delayMs: number): Fate {
  const lastsMs = faults.jobMs === null ? delayMs : drawMs(faults.jobMs, chance);
  return {
    isHidden: chance.happens(faults.jobBadGateway),
    lastsMs: chance.happens(faults.jobNeverEnds) ? Number.POSITIVE_INFINITY : lastsMs,
    end: endOf(faults, chance),
    goesBack: chance.happens(faults.jobGoesBack),
  };
}

function endOf(faults: Faults, chance: Chance): Fate['end'] {
  if (chance.happens(faults.jobFails)) return 'failed';
  if (chance.happens(faults.jobDeadLink)) return 'dead_link';
  if (chance.happens(faults.jobGone)) return 'gone';
  return chance.happens(faults.jobBoth) ? 'both' : 'well';
}
