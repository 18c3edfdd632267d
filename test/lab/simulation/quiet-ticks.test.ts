import { expect, it } from 'vitest';
import { simulateRollout } from './rollout';

/** What anybody wrote, when and why; the traces differ in the ticks of which nothing came. */
async function writes(seed: number, everyTick: boolean): Promise<readonly string[]> {
  const { lines, violation } = await simulateRollout({ seed, days: 0.25, keepTrace: true, calm: true, everyTick });
  expect(violation).toBeNull();
  return lines.filter((line) => line.includes(' wrote '));
}

it.each([1, 3, 5, 7])(
  'passing over quiet ticks changes nothing that is written (seed %i)',
  { timeout: 60_000 },
  async (seed) => {
    const every = await writes(seed, true);
    expect(await writes(seed, false)).toEqual(every);
    expect(every.length).toBeGreaterThan(1);
  },
);
