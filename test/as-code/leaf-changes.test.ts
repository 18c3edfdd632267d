import { describe, expect, it } from 'vitest';
import { leafChanges } from '@/lib/as-code/leaf-changes';

describe('what differs, leaf by leaf', () => {
  it.each([
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, []],
    [{ a: { b: 1 } }, { a: { b: 2 } }, [{ field: 'a.b', was: 1, becomes: 2 }]],
    [{ a: [1, 2] }, { a: [2, 1] }, [{ field: 'a', was: [1, 2], becomes: [2, 1] }]],
    [
      { lines: [{ metric: 'x', limit: 1 }] },
      {
        lines: [
          { metric: 'y', limit: 1 },
          { metric: 'x', limit: 2 },
        ],
      },
      [
        { field: 'lines.x.limit', was: 1, becomes: 2 },
        { field: 'lines.y.metric', was: undefined, becomes: 'y' },
        { field: 'lines.y.limit', was: undefined, becomes: 1 },
      ],
    ],
    [{ a: {} }, {}, [{ field: 'a', was: {}, becomes: undefined }]],
    [{ a: { b: 1 } }, { a: 3 }, [{ field: 'a', was: { b: 1 }, becomes: 3 }]],
    [undefined, { a: { b: null } }, [{ field: 'a.b', was: undefined, becomes: null }]],
  ])('%j → %j', (was, becomes, fields) => expect(leafChanges(was, becomes)).toEqual(fields));
});
