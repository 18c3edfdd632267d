import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { placed, readQuery, spanOf, wholeNumber } from '@/lib/http/read-query';

const now = Date.UTC(2026, 0, 2);
const span = (query: string) => placed(readQuery(spanOf('1h'), new URLSearchParams(query)), now);

describe('a query', () => {
  it('spans its window back from the database’s now, or from and to', () => {
    expect(span('window=6h')).toEqual({ fromMs: now - 6 * 3_600_000, toMs: now });
    expect(span('from=2026-01-01T00:00:00Z&to=2026-01-01T01:00:00Z').toMs).toBe(Date.UTC(2026, 0, 1, 1));
  });
  it('says nothing by an empty instant, and the first of what is written twice', () => {
    expect(span('from=&to=')).toEqual({ fromMs: now - 3_600_000, toMs: now });
    expect(span('window=2h&window=6h&other=1')).toEqual({ fromMs: now - 2 * 3_600_000, toMs: now });
  });
  it.each(['window=10d', 'window=1m', 'from=2025-12-25'])('%s is within ten days', (query) => {
    expect(() => span(query)).not.toThrow();
  });
  it.each([
    ['window=59s', 'window is "59s"; it must be a duration from 1m to 10d, such as 6h.'],
    ['window=241h', 'window is "241h"; it must be a duration from 1m to 10d, such as 6h.'],
    ['window=6', 'window is "6"; it must be a duration from 1m to 10d, such as 6h.'],
    ['window=1e9d', 'window is "1e9d"; it must be a duration from 1m to 10d, such as 6h.'],
    ['window=', 'window is ""; it must be a duration from 1m to 10d, such as 6h.'],
    ['from=2025-12-01', 'from is "2025-12-01"; it must be at most 10 days before to.'],
    ['from=2026-01-03', 'from is "2026-01-03"; it must not be later than to.'],
    ['to=2025-12-01&from=2025-12-02', 'from is "2025-12-02"; it must not be later than to.'],
    ['to=2026-13-45', 'to is "2026-13-45"; it must be an instant such as 2026-11-21T03:00:00Z.'],
  ])('%s is refused', (query, detail) => {
    expect(() => span(query)).toThrow(expect.objectContaining({ status: 422, code: 'query-invalid', message: detail }));
  });
  it.each(['-1', '0', '501', '1.5', 'x', '', '1e2', '99999999999999999'])('limit=%s is refused', (limit) => {
    const schema = z.object({ limit: wholeNumber([1, 500], 'how many') });
    expect(() => readQuery(schema, new URLSearchParams({ limit }))).toThrow(/whole number/);
  });
});
