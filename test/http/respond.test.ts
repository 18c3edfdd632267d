import { describe, expect, it } from 'vitest';
import { requestIdOf } from '@/lib/http/respond';

describe('the id of a request', () => {
  it('is the caller’s own where that is fit for a log line', () => {
    expect(requestIdOf('order-4711:a')).toBe('order-4711:a');
    for (const unfit of [null, undefined, '', 'short', 'with space here', 'x'.repeat(65), 'line\nbreak-in-it']) {
      expect(requestIdOf(unfit)).not.toBe(unfit);
    }
  });

  it('is else a UUID that begins with the time, so that ids of one time stand together in the log’s index', () => {
    const before = Date.now();
    const ids = Array.from({ length: 1000 }, () => requestIdOf(null));
    const after = Date.now();
    for (const id of ids) {
      expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
      const ms = Number.parseInt(id.replace('-', '').slice(0, 12), 16);
      expect(ms).toBeGreaterThanOrEqual(before);
      expect(ms).toBeLessThanOrEqual(after);
    }
    expect(new Set(ids).size).toBe(ids.length);
  });
});
