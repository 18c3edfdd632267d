import type { Chance } from './chance';
import type { Faults } from './faults';
import { drawFate, drawMs, type Fate } from './jobs/job-fate';

type Wire = 'plain' | 'hang' | 'drip' | 'truncate' | 'html' | 'reset';
type Verdict = 'well' | 'failure' | 'rate_limited' | 'content_policy' | 'balance' | 'partial_errors' | 'no_image';

/** What will happen to one call. */
export interface Draw {
  readonly delayMs: number;
  readonly wire: Wire;
  readonly verdict: Verdict;
  readonly seed: number;
  /** Where the call makes a job. */
  readonly fate?: Fate;
}

export function draw(faults: Faults, chance: Chance): Draw {
  const delayMs = drawMs(faults.latencyMs, chance);
  return {
    delayMs,
    wire:
      (['hang', 'reset', 'drip', 'truncate', 'html'] as const).find((wire) => chance.happens(faults[wire])) ?? 'plain',
    verdict: verdictOf(faults, chance),
    seed: chance.fresh(),
    fate: drawFate(faults, chance, delayMs),
  };
}

function verdictOf(faults: Faults, chance: Chance): Verdict {
  if (faults.balance) return 'balance';
  if (faults.rateLimit && chance.happens(faults.rateLimit.rate ?? 1)) return 'rate_limited';
  if (chance.happens(faults.failureRate)) return 'failure';
  if (chance.happens(faults.contentPolicyRate)) return 'content_policy';
  if (chance.happens(faults.partialErrors)) return 'partial_errors';
  return chance.happens(faults.noImage) ? 'no_image' : 'well';
}
