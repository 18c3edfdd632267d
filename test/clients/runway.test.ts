import RunwayML from '@runwayml/sdk';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { callerKeys, type RelayedWorld, relayedWorld } from '@/test/support/relayed-world';

let world: RelayedWorld;
let runway: RunwayML;
beforeAll(async () => {
  world = await relayedWorld();
  runway = new RunwayML({ apiKey: callerKeys[0], baseURL: `${world.plane.url}/runway` });
});
afterAll(() => world.close());
beforeEach(() => {
  for (const name of ['aggregator', 'runway'] as const) {
    world.sandbox[name].restore();
    world.sandbox[name].control({ latencyMs: 0, jobMs: 0 });
  }
});

const wanted = {
  model: 'gen4_turbo',
  promptImage: 'https://a.test/a.png',
  promptText: 'a boat',
  ratio: '1280:720',
} as const;
const make = () => runway.imageToVideo.create(wanted);
const creates = (name: 'aggregator' | 'runway') => world.sandbox[name].counters().inference ?? 0;

it('makes a video at either arm, and finds it there', async () => {
  for (const [share, arm] of [
    [0, 'aggregator'],
    [1, 'runway'],
  ] as const) {
    await world.share('runway', share);
    const before = creates(arm);
    const { id } = await make();
    expect((await runway.tasks.retrieve(id)).status).toBe('SUCCEEDED');
    expect(creates(arm)).toBe(before + 1);
  }
});

it('waits for what comes of it', async () => {
  const task = await make().waitForTaskOutput();
  expect([task.status, task.output.length]).toEqual(['SUCCEEDED', 1]);
});

it('is asked for to its end where it was made, after a rollback', async () => {
  world.sandbox.runway.control({ jobNeverEnds: true });
  await world.share('runway', 1);
  const { id } = await make();
  await world.share('runway', 0);
  const before = creates('runway');
  expect((await runway.tasks.retrieve(id)).status).toMatch(/PENDING|RUNNING/);
  await runway.tasks.delete(id);
  expect((await runway.tasks.retrieve(id)).status).toBe('CANCELLED');
  const stateOf = async () =>
    (await world.database.sql`select state from sluice.jobs where upstream_id = ${id}`)[0]?.state;
  await expect.poll(stateOf).toBe('cancelled');
  expect(creates('runway')).toBe(before);
});

it('is ordered once, whatever the client would send again', async () => {
  await world.share('runway', 1);
  world.sandbox.runway.control({ reset: true });
  const before = creates('runway');
  await expect(make()).rejects.toMatchObject({ status: 504 });
  expect(creates('runway')).toBe(before + 1);
});

it('reads a refusal of ours in its own words', async () => {
  const error = await runway.tasks.retrieve('17f20503-6c24-4c16-946b-35dbbce2af2f').catch((caught: unknown) => caught);
  expect(error).toMatchObject({ status: 404, error: { error: expect.stringContaining('made no job') } });
});
