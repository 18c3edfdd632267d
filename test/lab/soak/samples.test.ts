import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { driftOf } from './samples';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-samples-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const mb = 1_048_576;

/** Thirty samples: ten at each of three levels. */
function samples(levels: readonly number[], descriptors: number | null = 50): string {
  const file = join(folder, `${Math.random()}`);
  const lines = levels.flatMap((level) =>
    Array.from({ length: 10 }, () => JSON.stringify({ pid: 7, rss: level * mb, heap: 90 * mb, descriptors })),
  );
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}
const flat = (file: string, minutes: number) => driftOf(file, minutes).drifts.map(({ isFlat }) => isFlat);

describe('the last third against the first', () => {
  it('is flat up to a tenth in a long run', () => {
    expect(flat(samples([300, 400, 330]), 30)).toEqual([true, true, true]);
    expect(flat(samples([300, 310, 331]), 30)).toEqual([false, true, true]);
  });

  it('has more room in a short one, which is still warming up', () => {
    expect(flat(samples([200, 250, 240]), 30)).toEqual([false, true, true]);
    expect(flat(samples([200, 250, 240]), 1)).toEqual([true, true, true]);
  });

  it('says the levels, and how many processes they are of', () => {
    const { drifts, pids, count } = driftOf(samples([100, 160, 120]), 30);
    expect(drifts[0]).toEqual({ name: 'resident memory', unit: 'MB', first: 100, last: 120, most: 160, isFlat: true });
    expect([pids, count]).toEqual([1, 30]);
  });

  it('leaves out what the system does not tell', () => {
    expect(driftOf(samples([100, 100, 100], null), 30).drifts.map(({ name }) => name)).toEqual([
      'resident memory',
      'heap after collection',
    ]);
    expect(driftOf(join(folder, 'none'), 30)).toEqual({ drifts: [], pids: 0, count: 0 });
  });
});
