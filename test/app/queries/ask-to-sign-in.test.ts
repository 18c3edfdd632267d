import { afterEach, expect, it, vi } from 'vitest';
import { ApiProblem, callApi } from '@/app/_queries/api';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it('a page whose session has ended leaves once, however often it asks until the door is there', async () => {
  const assign = vi.fn();
  vi.stubGlobal('window', { location: { pathname: '/charts', search: '?window=6h', assign } });
  vi.stubGlobal('fetch', async () => Response.json({ code: 'not-signed-in' }, { status: 401 }));
  const now = vi.spyOn(performance, 'now');
  const askAt = async (seconds: number) => {
    now.mockReturnValue(seconds * 1000);
    await expect(callApi('/api/rollout')).rejects.toBeInstanceOf(ApiProblem);
  };
  for (const seconds of [100, 102, 104, 129]) await askAt(seconds);
  expect(assign.mock.calls).toEqual([['/sign-in?next=%2Fcharts%3Fwindow%3D6h']]);
  // The way was lost: it is taken again.
  await askAt(131);
  expect(assign).toHaveBeenCalledTimes(2);
});
