import { describe, expect, it } from 'vitest';
import { headroomOf } from '@/app/_components/state/headroom';
import { readEvidence } from '@/lib/api/evidence';

const line = { metric: 'failure_rate', verdict: 'held', acts: true };

describe('evidence of the journal', () => {
  it.each([null, undefined, 'text', 7, [], { lines: 'x', line: 3, top_errors: {}, blockers: [1, null] }])(
    '%j shows nothing and throws nothing',
    (evidence) => {
      expect(readEvidence(evidence)).toEqual({ decisive: null, lines: [], errors: [], blockers: [] });
    },
  );

  it('finds the line that decided, by name or because it acts', () => {
    const quiet = { ...line, acts: false };
    expect(readEvidence({ lines: [quiet, line] }).decisive).toBe(line);
    expect(readEvidence({ line: quiet, lines: [line] }).decisive).toBe(quiet);
  });

  it('keeps hostile text as text', () => {
    const errors = [{ kind: '<img>', count: '3', example: '<script>alert(1)</script>' }];
    expect(readEvidence({ top_errors: errors }).errors).toEqual([
      { kind: '<img>', count: 3, example: '<script>alert(1)</script>' },
    ]);
  });
});

describe('headroom', () => {
  it('is what is left of the line, negative when over, unknown without numbers', () => {
    expect([headroomOf(2000, 8000), headroomOf(3, 2), headroomOf(null, 1), headroomOf(1, null)]).toEqual([
      0.75,
      -0.5,
      null,
      null,
    ]);
  });
});
