import { afterAll, beforeAll, expect } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { type FaultWorld, faultWorld, type WorldWeb } from '../support/fault-world';
import { writeWeights } from '../support/rollout';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';
import { fault } from './fault';

let world: FaultWorld;
let database: TestDatabase;
let network: TcpProxy;
let url: string;
beforeAll(async () => {
  [world, database] = await Promise.all([faultWorld(), testDatabase()]);
  await writeWeights(database.sql, { fal: 1, runware: 0 });
  const behind = new URL(database.url);
  network = await startTcpProxy({ port: Number(behind.port) });
  behind.host = `127.0.0.1:${network.port}`;
  url = behind.toString();
});
afterAll(async () => {
  await world.close();
  await network.close();
  await database.close();
});

const expected = 'one provider call; stored answer replayed; unknown stays unknown, nothing submitted again';
const claims = async () =>
  (await database.sql<{ n: number }[]>`select count(*)::int as n from sluice.idempotency`)[0]?.n ?? 0;
const calls = () => world.sandbox.counters('fal').inference ?? 0;
const seconds = 4;
/** Long enough for a kill on a busy machine to come before its end. */
const callMs = 3500;
const env = {
  SLUICE_ATTEMPT_TIMEOUT_MS: String(seconds * 1000),
  SLUICE_REQUEST_TIMEOUT_MS: String(seconds * 1000),
  SLUICE_QUEUE_TIMEOUT_MS: '500',
};

interface Asked {
  readonly status: number;
  readonly replayed: boolean;
  readonly keptIn: 'store' | 'memory';
  readonly text: string;
}

async function ask(web: WorldWeb, key: string, signal?: AbortSignal): Promise<Asked> {
  const answer = await fetch(`${web.url}/api/generate`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: '{"prompt":"x"}',
    ...(signal ? { signal } : {}),
  });
  const replayed = answer.headers.get('idempotency-replayed') === 'true';
  const keptIn = answer.headers.get('idempotency-store') === 'memory' ? 'memory' : 'store';
  return { status: answer.status, replayed, keptIn, text: await answer.text() };
}

fault(
  'F22',
  {
    what: 'the same Idempotency-Key twice at once',
    injected: '20 at once to two web processes, then 4 more',
    expected,
  },
  async (saw) => {
    const webs = await Promise.all([world.web(url), world.web(url)]);
    const at = (n: number) => webs[n % 2] as WorldWeb;
    for (const n of [0, 1]) await ask(at(n), `warm-${n}`);
    world.sandbox.control('fal', { latencyMs: 400 });
    let before = calls();
    let key = '';
    let first: Asked[] = [];
    // A store that takes longer than 250 ms counts as away, and says so in a header: then it is another fault.
    for (let round = 0; round < 5; round += 1) {
      before = calls();
      key = `at-once-${round}`;
      first = await Promise.all(Array.from({ length: 20 }, (_, n) => ask(at(n), key)));
      if (first.every(({ keptIn }) => keptIn === 'store')) break;
    }
    world.sandbox.control('fal', { latencyMs: 0 });
    expect(first.every(({ keptIn }) => keptIn === 'store')).toBe(true);
    const made = first.filter(({ status, replayed }) => status === 200 && !replayed);
    expect(made).toHaveLength(1);
    expect(first.every(({ status, replayed }) => status === 409 || replayed || status === 200)).toBe(true);
    // The other process learns of the end from the store, a moment after the first caller has it.
    for (const n of [0, 1, 2, 3])
      await eventually(
        () => ask(at(n), key),
        ({ status }) => status === 200,
        20_000,
        50,
      );
    const later = await Promise.all([0, 1, 2, 3].map((n) => ask(at(n), key)));
    for (const answer of later) expect(answer).toMatchObject({ status: 200, replayed: true, text: made[0]?.text });
    expect(calls() - before).toBe(1);
    saw(`1 provider call; ${first.filter(({ status }) => status === 409).length} × 409 still-running; 4 of 4 replayed`);

    const givesUp = new AbortController();
    const [claimed, soFar] = [await claims(), calls()];
    world.sandbox.control('fal', { latencyMs: 3000 });
    const lost = expect(ask(at(0), 'timed-out', givesUp.signal)).rejects.toThrow();
    await eventually(calls, (n) => n === soFar + 1, 20_000);
    // A claim that the store takes late is there late; then the other process knows of it.
    await eventually(claims, (n) => n === claimed + 1, 20_000);
    givesUp.abort();
    await lost;
    const second = await ask(at(1), 'timed-out');
    expect(second, 'asked while the call runs').toMatchObject({ status: 409, keptIn: 'store' });
    await eventually(
      () => ask(at(1), 'timed-out'),
      ({ status, replayed }) => status === 200 && replayed,
      20_000,
      50,
    );
    world.sandbox.control('fal', { latencyMs: 0 });
    expect(calls() - before).toBe(2);
    saw('client gave up under way and retried at the other process: 409, then the one answer replayed');
    await Promise.all(webs.map((web) => web.stop()));
  },
);

interface Restarted {
  readonly second: WorldWeb;
  readonly seen: readonly string[];
  readonly unknownMs: number;
  /** Its store took longer than a request waits, which counts as away and is said in a header: another fault. */
  readonly storeWasSlow: boolean;
}

/** Killed under way, and asked for the same again at the process that comes after it. */
async function crash(key: string, storeIsAway: boolean): Promise<Restarted> {
  const dataDir = world.folder();
  const first = await world.web(url, { dataDir, env });
  if (storeIsAway) {
    network.accept = 'reset';
    network.reset();
  }
  world.sandbox.control('fal', { latencyMs: callMs });
  const before = calls();
  const lost = ask(first, key).then(
    () => 'answered',
    () => 'lost',
  );
  await eventually(calls, (n) => n === before + 1, 20_000);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await first.kill();
  expect(await lost).toBe('lost');
  network.accept = 'pass';
  world.sandbox.control('fal', { latencyMs: 0 });
  const second = await world.web(url, { dataDir, env });
  await second.said(/pages are ready/);
  const seen: string[] = [];
  let storeWasSlow = false;
  const unknownMs = await eventually(
    async () => {
      const { status, keptIn, text } = await ask(second, key);
      storeWasSlow = !storeIsAway && status === 200 && keptIn === 'memory';
      if (storeWasSlow) return 'outcome-unknown';
      expect(status).toBe(409);
      const { code } = JSON.parse(text) as { code: string };
      if (seen.at(-1) !== code) seen.push(code);
      return code;
    },
    (code) => code === 'outcome-unknown',
    20_000,
    250,
  );
  return { second, seen, unknownMs, storeWasSlow };
}

for (const storeIsAway of [false, true]) {
  fault(
    'F22',
    {
      what: 'crash after the provider accepted',
      injected: `kill -9 of the web process 300 ms into a call of ${callMs / 1000} s${storeIsAway ? ', with the store away' : ''}; requests may take ${seconds} s`,
      expected,
    },
    async (saw) => {
      for (let round = 0; ; round += 1) {
        const key = `crash-${storeIsAway}-${round}`;
        const before = calls();
        const { second, seen, unknownMs, storeWasSlow } = await crash(key, storeIsAway);
        if (storeWasSlow && round < 2) {
          await second.stop();
          continue;
        }
        expect(await ask(second, key)).toMatchObject({ status: 409 });
        expect(calls() - before).toBe(1);
        saw(`after the restart ${seen.join(', then ')} (${(unknownMs / 1000).toFixed(1)} s); 1 provider call in all`);
        if (!storeIsAway) {
          // Whoever wants the image all the same says so with a new key.
          expect((await ask(second, `${key}-again`)).status).toBe(200);
          expect(calls() - before).toBe(2);
        }
        return second.stop();
      }
    },
  );
}
