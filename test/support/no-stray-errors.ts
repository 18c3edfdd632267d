import { afterEach, beforeEach, expect, vi } from 'vitest';

// An error printed where no test expects one is a failure that nobody read.
beforeEach(() => {
  vi.spyOn(console, 'error');
});

afterEach(() => {
  const spy = vi.mocked(console.error);
  expect(spy.mock?.calls ?? [], 'unexpected console.error').toEqual([]);
  vi.restoreAllMocks();
});
