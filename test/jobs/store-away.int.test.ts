import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type JobWorld, jobWorld } from './job-world';

let world: JobWorld;
afterEach(() => world.close());

const cutStore = () => {
  world.store.accept = 'reset';
  world.store.reset();
};
const rowOf = async (id: string) => (await world.database.sql`select * from sluice.jobs where id = ${id}`)[0];
const journal = () => readFileSync(join(world.plane.folder, 'jobs.ndjson'), 'utf8');

describe('a job while the store is away', () => {
  it('is not begun: 503, and no byte reaches a provider', async () => {
    world = await jobWorld();
    cutStore();
    const answer = await world.order();
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('2');
    expect(await answer.json()).toMatchObject({
      code: 'store-unavailable',
      detail: expect.stringMatching(/not begun/),
    });
    expect([world.old.orders, world.fresh.orders]).toEqual([[], []]);
    world.store.accept = 'pass';
    await expect.poll(async () => (await world.order()).status, { timeout: 10_000 }).toBe(202);
    expect(world.old.orders).toHaveLength(1);
  });

  it('is not begun by a store that is silent either, and holds no connection that an image needs', async () => {
    world = await jobWorld();
    world.store.freezeOpen();
    world.store.accept = 'hang';
    const ordered = world.order();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(world.plane.runtime.dataPlane.lanes.get('fal')?.slots.inUse).toBe(0);
    const answer = await ordered;
    expect(answer.status).toBe(503);
    expect([world.old.orders, world.fresh.orders]).toEqual([[], []]);
  });

  it('is answered though its binding cannot be written, and is bound when the store is back', async () => {
    world = await jobWorld();
    world.old.meanwhile = async () => cutStore();
    const answer = await world.order();
    expect(answer.status).toBe(202);
    const { id } = await answer.json();
    expect(await rowOf(id)).toMatchObject({ state: 'attempting', upstream_id: null });
    expect(journal()).toContain(id);
    // What is known of it is told, whatever the store does.
    expect(await (await world.ask(`/api/jobs/${id}`)).json()).toMatchObject({ id, status: 'queued' });
    world.store.accept = 'pass';
    await expect.poll(() => rowOf(id), { timeout: 15_000 }).toMatchObject({ state: 'accepted' });
    expect((await rowOf(id))?.upstream_id).toMatch(/^v-/);
    await expect.poll(journal).toContain(`{"done":"${id}"}`);
  });

  it('is bound by the next run of a process that ended meanwhile', async () => {
    world = await jobWorld();
    world.old.meanwhile = async () => cutStore();
    const { id } = await (await world.order()).json();
    world.store.accept = 'pass';
    await world.database.sql`update sluice.jobs set state = 'unknown' where id = ${id}`;
    await world.restart();
    await expect.poll(() => rowOf(id), { timeout: 15_000 }).toMatchObject({ state: 'accepted' });
  });

  it('is refused, and does not look begun, where its row cannot follow it to the other arm', async () => {
    world = await jobWorld({ old: 0, new: 1 });
    world.fresh.mood = 'busy';
    world.fresh.meanwhile = async () => cutStore();
    expect((await world.order()).status).toBe(503);
    expect([world.fresh.orders.length, world.old.orders.length]).toEqual([1, 0]);
    world.store.accept = 'pass';
    const only = async () => (await world.database.sql`select state, error_kind, charged from sluice.jobs`)[0];
    await expect.poll(only, { timeout: 15_000 }).toEqual({ state: 'refused', error_kind: 'local', charged: 'no' });
  });

  it('is told from memory, and not told where it never was', async () => {
    world = await jobWorld();
    const { id } = await (await world.order()).json();
    cutStore();
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(await (await world.ask(`/api/jobs/${id}`)).json()).toMatchObject({ id, status: 'queued' });
    expect((await world.ask(`/api/jobs/${crypto.randomUUID()}`)).status).toBe(503);
  });
});
