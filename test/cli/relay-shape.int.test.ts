import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RelayedWorld, relayedWorld } from '@/test/support/relayed-world';
import { sluiceLines } from '../support/sluice-line';

const sluiceLine = sluiceLines();
let world: RelayedWorld;
let env: Record<string, string>;

beforeAll(async () => {
  world = await relayedWorld();
  const { aggregator, runway, kling, jimeng } = world.sandbox;
  env = {
    GATHERED_API_KEY: aggregator.key,
    GATHERED_KLING_API_KEY: aggregator.key,
    GATHERED_SUNO_API_KEY: aggregator.key,
    RUNWAY_DIRECT_API_KEY: runway.key,
    KLING_DIRECT_API_KEY: kling.key,
    JIMENG_DIRECT_API_KEY: jimeng.key,
  };
});
afterAll(() => world.close());

const preflight = (split: string, ...more: string[]) =>
  sluiceLine(['preflight', '--split', split, ...more], { databaseUrl: world.database.url, env });
const creates = () =>
  (['aggregator', 'runway', 'kling', 'jimeng'] as const).map((name) => world.sandbox[name].counters().inference ?? 0);

describe('sluice preflight of a relay', () => {
  it('says where the arms part, by questions that cost nothing', async () => {
    const before = creates();
    const ran = await preflight('kling', '--shape');
    expect(ran.stdout).toContain(
      'asked of each arm: GET /v1/videos/text2video?pageNum=1&pageSize=1 · GET /v1/videos/text2video/00000000-0000-4000-8000-000000000000',
    );
    expect(ran.stdout).toMatch(/old answers HTTP \d+, new HTTP \d+: callers will see it/);
    expect(ran.stdout).toMatch(
      /0000: old answers \{code:"task_not_exist".*\}, new \{code:\d+.*\}: callers will see it/,
    );
    expect(ran.code).toBe(1);
    expect(creates()).toEqual(before);
    const { shape } = JSON.parse((await preflight('kling', '--shape', '--json')).stdout);
    expect(shape).toMatchObject({ dialect: 'kling', baseline: 'old', troubles: [] });
    expect(shape.differences.length).toBeGreaterThan(0);
  });

  it('says so where nothing parts, beside what the stored policy can see', async () => {
    const ran = await preflight('suno', '--runs', '1', '--rpm', '5,10');
    expect(ran.stdout).toContain('The arms answer as old does, as far as these questions show.');
    expect(ran.stdout).toContain('ends of jobs judged after');
    expect(ran.stdout).toContain("None of the baseline's is old enough to go by");
    expect(ran.stdout).toMatch(/make the windows of the lines \d+ minutes long, or the share \d+ %\./);
    expect(ran.code).toBe(0);
  });

  it('says so where the dialect has no such question, and where an arm cannot be asked', async () => {
    const none = await preflight('jimeng', '--shape');
    expect(none.stdout).toContain('The dialect jimeng has no question that costs nothing');
    expect(none.code).toBe(0);
    env = { ...env, KLING_DIRECT_API_KEY: '' };
    const keyless = await preflight('kling', '--shape');
    expect(keyless.stdout).toContain('new could not be asked: kling-direct has no key');
    expect(keyless.code).toBe(1);
    env = { ...env, KLING_DIRECT_API_KEY: 'not:it' };
    const refused = await preflight('kling', '--shape');
    expect(refused.stdout).toContain('it refuses our key (HTTP 401)');
    expect(refused.stdout + refused.stderr).not.toContain('not:it');
    expect((await preflight('gen', '--shape')).stderr).toContain('--shape compares the arms of a relay');
  });
});
