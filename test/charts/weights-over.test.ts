import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '@/lib/api/journal-entry';
import { weightsOver } from '@/lib/charts/weights-over';

const fromMs = Date.parse('2026-03-02T11:00:00.000Z');
const at = (minutes: number) => new Date(fromMs + minutes * 60_000).toISOString();
const entry = (minutes: number, was: string | null, becomes: string | null) =>
  ({ at: at(minutes), was, becomes }) as JournalEntry;
const [all, some] = ['{"fal":1,"runware":0}', '{"fal":0.9,"runware":0.1}'];

describe('what was ordered over a span', () => {
  it.each([
    ['goes on from what was before it', entry(-99, all, some), [], [[0, 0.1]]],
    [
      'changes where the journal says so',
      entry(-99, null, all),
      [entry(5, all, some), entry(9, some, all)],
      [
        [0, 0],
        [5, 0.1],
        [9, 0],
      ],
    ],
    [
      'began as the first change found it, where nothing is known before',
      undefined,
      [entry(5, all, some)],
      [
        [0, 0],
        [5, 0.1],
      ],
    ],
    ['is not known before the first write', undefined, [entry(5, null, all)], [[5, 0]]],
    [
      'stays by what changes no share, or is none',
      entry(-99, null, some),
      [entry(5, some, some), entry(6, some, '"x"')],
      [[0, 0.1]],
    ],
  ] as const)('%s', (_, before, entries, expected) => {
    const found = weightsOver(before, entries, fromMs).map((each) => [each.at, each.weights.runware]);
    expect(found).toEqual(expected.map(([minutes, share]) => [at(minutes), share]));
  });
});
