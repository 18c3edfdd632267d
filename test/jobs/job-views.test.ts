import { describe, expect, it } from 'vitest';
import type { JobView } from '@/lib/jobs/job-view';
import { JobViews } from '@/lib/jobs/job-views';
import { within } from '@/lib/kernel/within';

/** A store that counts what it is asked, on a clock of its own. */
function counted() {
  const store = {
    asked: 0,
    state: 'accepted' as JobView['state'] | null,
    isAway: false,
    async read(id: string): Promise<JobView | null> {
      store.asked += 1;
      if (store.isAway) throw new Error('away');
      return store.state && ({ id, state: store.state } as JobView);
    },
  };
  const clock = { now: 0 };
  const views = new JobViews({ store, clock: { monotonic: () => clock.now }, within });
  return { store, clock, views };
}

describe('what is known of jobs', () => {
  it('costs the store two statements a second, however often it is asked for', async () => {
    const { store, clock, views } = counted();
    for (let tenth = 0; tenth < 100; tenth += 1) {
      clock.now = tenth * 100;
      const asked = await Promise.all(Array.from({ length: 5 }, () => views.read('a')));
      expect(new Set(asked.map((view) => view?.state))).toEqual(new Set(['accepted']));
    }
    expect(store.asked).toBe(20);
  });

  it('is news half a second later, and what this process wrote at once', async () => {
    const { store, clock, views } = counted();
    await views.read('a');
    store.state = 'running';
    clock.now = 499;
    expect((await views.read('a'))?.state).toBe('accepted');
    clock.now = 500;
    expect((await views.read('a'))?.state).toBe('running');
    views.note({ id: 'a', state: 'cancelled' } as JobView);
    expect((await views.read('a'))?.state).toBe('cancelled');
  });

  it('is the last that was known while the store is away, and nothing where nothing was', async () => {
    const { store, clock, views } = counted();
    await views.read('a');
    store.isAway = true;
    clock.now = 10_000;
    for (let n = 0; n < 10; n += 1) expect((await views.read('a'))?.state).toBe('accepted');
    expect(store.asked).toBe(2);
    await expect(views.read('b')).rejects.toThrow('away');
  });

  it('forgets a job that is gone', async () => {
    const { store, clock, views } = counted();
    await views.read('a');
    store.state = null;
    clock.now = 500;
    expect(await views.read('a')).toBeNull();
    expect(await views.read('a')).toBeNull();
  });
});
