import { expect, it } from 'vitest';
import { drainingOf } from '@/app/_components/band/draining-of';

const at = (arm: string, jobs: number, blocked = 0) => ({ arm, jobs, blocked });

it('says of no blocked job that it is asked for, and nothing of an arm with a share', () => {
  const running = [at('old', 9), at('new', 3, 1), at('new', 1), at('small', 2, 2)];
  expect(drainingOf(running, { old: 1, new: 0 })).toEqual({
    followed: { jobs: 3, arms: ['new'] },
    blocked: { jobs: 3, arms: ['new', 'small'] },
  });
});
