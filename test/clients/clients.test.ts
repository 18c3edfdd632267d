import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDataPlane, testDataPlane } from '@/test/support/data-plane';
import { type TestDatabase, testDatabase } from '@/test/support/database';
import { addVideoSplit, share } from '@/test/support/video-split';
import { calls } from './calls';
import { type Circumstance, type ClientCall, circumstances, type Outcome, tableHead, tableRow, tell } from './matrix';
import { videoCalls } from './video-calls';

const key = 'key-of-the-clients-0123456789abcdef';
let database: TestDatabase;
let plane: TestDataPlane;

beforeAll(async () => {
  database = await testDatabase();
  await addVideoSplit(database.sql);
  plane = await testDataPlane({
    env: { DATABASE_URL: database.url, SLUICE_API_KEYS: key, SLUICE_ATTEMPT_TIMEOUT_MS: '1500' },
  });
  tell(tableHead);
});
afterAll(async () => {
  await plane.close();
  await database.close();
});

const vendors = ['fal', 'runware'] as const;
const upstream = () => vendors.reduce((sum, name) => sum + (plane.sandbox.counters(name).inference ?? 0), 0);

async function give(weights: Readonly<Record<string, number>>): Promise<void> {
  const text = JSON.stringify(weights);
  await database.sql`
    insert into feature_flags (flag_key, flag_value_text) values ('GEN_PROVIDER_WEIGHTS', ${text})
    on conflict (flag_key) do update set flag_value_text = ${text}`;
  const routed = () => plane.runtime.dataPlane.splits.first.routing?.weights;
  await expect.poll(() => routed()?.runware).toBe(weights.runware);
  await share(database.sql, plane, { old: weights.fal ?? 0, new: weights.runware ?? 0 });
}

/** Faults at whoever is asked first; the other arm, where it has a share, may stand in. */
const faults: Readonly<Record<Circumstance, () => Promise<void>>> = {
  baseline: () => give({ fal: 1, runware: 0 }),
  candidate: () => give({ fal: 0, runware: 1 }),
  async '503 of one'() {
    await give({ fal: 0, runware: 1 });
    plane.sandbox.control('runware', { failureRate: 1, status: 503 });
  },
  async timeout() {
    await give({ fal: 1, runware: 0 });
    plane.sandbox.control('fal', { hang: true });
  },
  'wrong key': () => give({ fal: 1, runware: 0 }),
};

async function outcomeOf(call: ClientCall, circumstance: Circumstance): Promise<Outcome> {
  for (const name of vendors) {
    plane.sandbox.restore(name);
    plane.sandbox.control(name, { latencyMs: 0 });
  }
  await faults[circumstance]();
  const before = upstream();
  const at = { url: plane.url, key: circumstance === 'wrong key' ? 'not-a-key' : key };
  try {
    const { images, arm = null } = await call.run(at);
    return { said: images > 0 ? 'works' : 'no image', arm, upstream: upstream() - before };
  } catch (error) {
    return { said: errorText(error), arm: null, upstream: upstream() - before };
  }
}

/** What the caller of a client can act on: the status, and the code where the client shows one. */
function errorText(error: unknown): string {
  const { status, statusCode, code, message } = error as Record<string, unknown>;
  const shown = status ?? statusCode;
  return shown === undefined ? String(message).slice(0, 60) : `${shown}${code ? ` ${code}` : ''}`;
}

describe.each([...calls, ...videoCalls])('$client $call', (call) => {
  it('is answered by either arm, rescued where that is safe, and never made twice where it is not', async () => {
    const row = {} as Record<Circumstance, Outcome>;
    for (const circumstance of circumstances) row[circumstance] = await outcomeOf(call, circumstance);
    tell(tableRow(call, row));
    expect(row.baseline).toMatchObject({ said: 'works', upstream: 1 });
    expect(row.candidate).toMatchObject({ said: 'works', upstream: 1 });
    for (const [name, arm] of [
      ['baseline', ['fal', 'old']],
      ['candidate', ['runware', 'new']],
    ] as const)
      if (row[name].arm !== null) expect([name, arm]).toEqual([name, expect.arrayContaining([row[name].arm])]);
    // One surely failed, and the other made it.
    expect(row['503 of one']).toMatchObject({ said: 'works', upstream: 2 });
    // It may have been made: neither we nor the client's own retries send it again.
    expect(row.timeout.said).toMatch(/^(?:504|424)/);
    expect(row.timeout.upstream).toBe(1);
    expect(row['wrong key'].said).toMatch(/^401/);
    expect(row['wrong key'].upstream).toBe(0);
  });
});
