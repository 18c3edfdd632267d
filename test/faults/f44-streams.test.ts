import { Agent, get, type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, expect } from 'vitest';
import { operatorStore } from '@/lib/access/operator-store';
import { addOperator, revokeOperator } from '@/lib/access/operators';
import { type AppFrontChild, startAppFrontChild } from '../support/app-front-child';
import { type TestDatabase, testDatabase } from '../support/database';
import { writeWeights } from '../support/rollout';
import { fault } from './fault';

let database: TestDatabase;
let web: AppFrontChild;
const agent = new Agent({ maxSockets: 50 });
beforeAll(async () => {
  database = await testDatabase();
  await writeWeights(database.sql, { fal: 0.9, runware: 0.1 });
  web = await startAppFrontChild({ DATABASE_URL: database.url, SLUICE_SANDBOX: '1' });
});
afterAll(async () => {
  agent.destroy();
  await web.close();
  await database.close();
});

const store = () => ({ operators: operatorStore(database.sql) });
const viewer = async (name: string) =>
  (await addOperator(store(), { name, role: 'viewer', validDays: null }, 'test')).token;

function head(token: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` };
    const outgoing = request(`${web.url}/api/stream`, { method: 'HEAD', agent, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

/** A stream on a connection of its own, as each tab of a browser has one; 429 is an answer like any other. */
function open(token: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` };
    const outgoing = get(`${web.url}/api/stream`, { agent: false, headers }, (answer) => {
      answer.on('error', () => undefined);
      answer.resume();
      resolve(answer);
    });
    outgoing.on('error', reject);
  });
}

async function inTurns<T>(count: number, atOnce: number, work: () => Promise<T>): Promise<T[]> {
  const done: T[] = [];
  while (done.length < count) done.push(...(await Promise.all(Array.from({ length: atOnce }, work))));
  return done;
}

fault(
  'F44',
  {
    what: '2,000 HEAD and 1,000 GET on the stream',
    injected: 'by one viewer, each GET on a connection of its own; then the viewer is revoked',
    expected: 'capped; ended within 5 s',
  },
  async (saw) => {
    const [stranger, other] = [await viewer('eve'), await viewer('ann')];
    expect(new Set(await inTurns(2000, 50, () => head(stranger)))).toEqual(new Set([200]));
    const opened = await inTurns(1000, 50, () => open(stranger));
    const streams = opened.filter(({ statusCode }) => statusCode === 200);
    expect(streams).toHaveLength(8);
    expect(new Set(opened.map(({ statusCode }) => statusCode))).toEqual(new Set([200, 429]));
    const beside = await open(other);
    expect(beside.statusCode).toBe(200);

    const ends = streams.map(
      (stream) => new Promise<number>((resolve) => stream.once('close', () => resolve(performance.now()))),
    );
    const revokedAt = performance.now();
    await revokeOperator(store().operators, 'eve', 'operator:admin');
    const took = Math.max(...(await Promise.all(ends))) - revokedAt;
    expect(took).toBeLessThan(5000);
    expect(beside.closed).toBe(false);
    beside.destroy();
    saw(
      `8 of 1,000 opened, 992 answered 429, HEAD opened none; the revoked viewer's ended after ${(took / 1000).toFixed(1)} s, another's went on`,
    );
  },
);
