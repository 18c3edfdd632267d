import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestRollout, testRollout } from '../support/rollout';
import { type Ran, runSluice } from '../support/run-sluice';
import { sluiceLines } from '../support/sluice-line';

const sluiceLine = sluiceLines();

let rollout: TestRollout;
beforeAll(async () => {
  rollout = await testRollout();
});
afterAll(() => rollout.close());

const sluice = (args: readonly string[], stdin?: string): Promise<Ran> =>
  sluiceLine(args, { databaseUrl: rollout.database.url, ...(stdin === undefined ? {} : { stdin }) });

describe('reading', () => {
  it('status answers one JSON object', async () => {
    const { code, stdout } = await runSluice(['status', '--json'], { databaseUrl: rollout.database.url });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ stage: 'D1', weights: { fal: 0.9, runware: 0.1 } });
  });

  it('watch prints plain lines when nobody sits at a terminal', async () => {
    const { code, stdout } = await runSluice(['watch', '--every', '1', '--for', '2'], {
      databaseUrl: rollout.database.url,
    });
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(2);
    expect(stdout).toContain('D1 fal 90 %, runware 10 %');
    expect(stdout).not.toContain('\u001b');
  });

  it('weights, policy and journal', async () => {
    expect((await sluice(['weights', '--json'])).stdout).toContain('"weights":{"fal":0.9,"runware":0.1}');
    expect(JSON.parse((await sluice(['policy', '--json'])).stdout)).toMatchObject({ version: 0, source: 'default' });
    expect(JSON.parse((await sluice(['journal', '--limit', '1', '--json'])).stdout)).toMatchObject({
      entries: [{ stage_to: 'D1' }],
    });
    expect(await sluice(['journal', '--verify'])).toMatchObject({ code: 0, stdout: 'Every hash verifies.\n' });
  });
});

describe('exit codes', () => {
  it.each([
    [['nope'], 2],
    [['status', '--nope'], 2],
    [['status', 'more'], 2],
    [['pause'], 2],
    [['advance', '--yes'], 3],
    [['advance', 'D3', '--yes', '--override', '--reason', 'x'], 3],
    [['advance', 'D2', '--yes', '--override'], 2],
    [['pause', '--yes', '--if-version', '1'], 4],
    [['resume', '--yes'], 4],
    [['rearm', '--yes', '--reason', 'x'], 4],
    [['weights', '{"fal":1.1,"runware":-0.1}', '--yes'], 1],
    [['ack', '99', '--yes'], 1],
  ])('%j → %i', async (args, code) => {
    const ran = await sluice(args as string[]);
    expect(ran).toMatchObject({ code, stdout: '' });
    expect(ran.stderr).toMatch(/^sluice /);
  });

  it('an error with --json is JSON on stderr, with its blockers', async () => {
    const { code, stderr } = await sluice(['advance', '--yes', '--json']);
    expect(code).toBe(3);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'gate-closed', blockers: expect.any(Array) } });
  });

  it('a database that is away is an error in words', async () => {
    const { code, stderr } = await runSluice(['status'], { databaseUrl: 'postgres://nobody:x@127.0.0.1:1/none' });
    expect(code).toBe(1);
    expect(stderr).toBe(
      'sluice status: Database none on 127.0.0.1:1 does not answer: the connection is refused. Start the database, or correct DATABASE_URL.\n',
    );
    expect(stderr).not.toContain('    at ');
  });

  it('without a database it says how to name one', async () => {
    const { code, stderr } = await runSluice(['status']);
    expect(code).toBe(1);
    expect(stderr).toContain('DATABASE_URL');
  });
});

describe('writing', () => {
  it('walks a rollout: override, rollback, re-arm, each journaled as cli:<user>', async () => {
    expect(await sluice(['advance', 'D2', '--yes', '--override', '--reason', 'demo'])).toMatchObject({ code: 0 });
    expect(await rollout.stage()).toBe('D2');
    const back = await sluice(['rollback', '--yes', '--json', '--reason', 'enough']);
    expect(JSON.parse(back.stdout)).toMatchObject({ already: false, version: await rollout.version() });
    expect(await sluice(['advance', '--yes'])).toMatchObject({ code: 3 });
    expect(await sluice(['rearm', '--yes', '--reason', 'fixed'])).toMatchObject({ code: 0 });
    const [entry] = await rollout.control.journal.list({ limit: 1 });
    expect(entry).toMatchObject({ verb: 'rearm', reason: 'fixed', actor: expect.stringMatching(/^cli:/) });
  });
});

describe('sql', () => {
  it('runs several statements from stdin and prints each', async () => {
    const stdin = "select 1 as one, 'ä' as two; update feature_flags set description = 'x' where false;";
    const { code, stdout } = await runSluice(['sql'], { databaseUrl: rollout.database.url, stdin });
    expect(code).toBe(0);
    expect(stdout).toBe('one | two\n----+----\n  1 | ä\n(1 row)\nUPDATE 0\n');
  });

  it('repeats the guard in its own words, and nothing changed', async () => {
    const before = await rollout.version();
    const { code, stderr } = await sluice([
      'sql',
      `update feature_flags set flag_value_text = '{"fal":0.5,"runwear":0.5}' where flag_key = 'GEN_PROVIDER_WEIGHTS'`,
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain("'runwear' is not an arm of this split");
    expect(await rollout.version()).toBe(before);
  });
});
