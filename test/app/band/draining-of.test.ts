import { expect, it } from 'vitest';
import { drainingOf } from '@/app/_components/band/draining-of';

const end = '2026-11-29T12:00:00.000Z';
const before = Date.parse(end) - 1;
const at = (arm: string, jobs: number, blocked = 0, ends_by: string | null = end) => ({ arm, jobs, blocked, ends_by });

it('says of no blocked job that it is asked for, and nothing of an arm with a share', () => {
  const running = [at('old', 9), at('new', 3, 1), at('new', 1), at('small', 2, 2)];
  expect(drainingOf(running, { old: 1, new: 0 }, before)).toEqual({
    followed: { jobs: 3, arms: ['new'], endsBy: end },
    blocked: { jobs: 3, arms: ['new', 'small'], endsBy: null },
  });
});

it('says when the last has ended at the latest only where that is known of all', () => {
  const later = '2026-11-29T13:00:00.000Z';
  const endOf = (...running: ReturnType<typeof at>[]) => drainingOf(running, {}, before).followed.endsBy;
  expect(endOf(at('a', 1, 0, later), at('b', 1))).toBe(later);
  expect(endOf(at('a', 1, 0, null), at('b', 1))).toBeNull();
  // What nobody can ask for ends by nothing.
  expect(endOf(at('a', 2, 2, later), at('b', 1))).toBe(end);
  expect(endOf()).toBeNull();
});

it('names no end that is over: where nobody asks, its jobs still run', () => {
  const endAt = (nowMs: number) => drainingOf([at('a', 1)], {}, nowMs).followed;
  expect([endAt(before).endsBy, endAt(before + 1).endsBy]).toEqual([end, null]);
  expect(endAt(before + 1).jobs).toBe(1);
});
