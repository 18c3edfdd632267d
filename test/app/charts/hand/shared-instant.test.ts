import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { followInstant, pointAt } from '@/app/_components/charts/hand/shared-instant';

let frames: (() => void)[] = [];
const frame = () => {
  for (const draw of frames.splice(0)) draw();
};

beforeEach(() => {
  frames = [];
  vi.stubGlobal('requestAnimationFrame', (draw: () => void) => frames.push(draw));
});
afterEach(() => {
  vi.unstubAllGlobals();
});

it('an instant stays while charts are drawn anew, and goes with the last of them', async () => {
  const seen: (number | null)[] = [];
  const follow = () => followInstant((atMs) => seen.push(atMs));
  const leave = follow();
  pointAt(7);
  frame();
  leave();
  const leaveAgain = follow();
  await Promise.resolve();
  expect(seen).toEqual([null, 7, 7]);
  leaveAgain();
  await Promise.resolve();
  const leaveAtLast = follow();
  expect(seen.at(-1)).toBe(null);
  leaveAtLast();
});
