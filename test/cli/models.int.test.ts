import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '@/scripts/sandbox/start';
import { type TestRollout, testRollout } from '../support/rollout';
import { sluiceLines } from '../support/sluice-line';

const sluiceLine = sluiceLines();

let rollout: TestRollout;
let sandbox: Sandbox;
beforeAll(async () => {
  [rollout, sandbox] = await Promise.all([testRollout(), startSandbox({ seed: 7 })]);
});
afterAll(() => Promise.all([rollout.close(), sandbox.close()]));

const sluice = (line: string, more: readonly string[] = [], env: Readonly<Record<string, string>> = {}) =>
  sluiceLine([...line.split(' '), ...more], {
    databaseUrl: rollout.database.url,
    env: { FAL_BASE_URL: sandbox.falUrl, RUNWARE_BASE_URL: sandbox.runwareUrl, ...env },
  });

describe('sluice models', () => {
  it('list is a table of what is on, and says how many are off', async () => {
    const { stdout } = await sluice('models list --alias flux-schnell');
    expect(stdout).toMatch(/^alias\s+\| provider \| its name there\s+\| is \| from\s+\| price/);
    expect(stdout).toMatch(/flux-schnell \| fal\s+\| fal-ai\/flux\/schnell \| on \| shipped \| \$0\.003 a megapixel/);
    const [on, all] = [(await sluice('models list')).stdout, (await sluice('models list --all')).stdout];
    expect(on).toMatch(/\d+ more (?:is|are) off: sluice models list --all/);
    expect(on).not.toMatch(/\| off\s+\|/);
    expect(all).toMatch(/\| off\s*\|/);
  });

  it('show says what each parameter is called, its range and its scale', async () => {
    const { code, stdout } = await sluice('models show flux-dev');
    expect(code).toBe(0);
    expect(stdout).toContain('flux-dev at fal is fal-ai/flux/dev (on, shipped)');
    expect(stdout).toMatch(/steps\s+\| num_inference_steps\s+\| 1\.\.50/);
    expect(stdout).toMatch(/guidance\s+\| CFGScale/);
    expect(stdout).toMatch(/source: \S+.*\(2026-/);
    expect(await sluice('models show nothing')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('No provider has a model "nothing"'),
    });
  });

  it('a row is added once, changed in part, turned off and on', async () => {
    const made = await sluice('models add fal own fal-ai/flux/schnell2 --lossy drop --off --yes', [
      ...['--params', '{"prompt":"prompt","steps":{"to":"num_inference_steps","min":1,"max":4}}'],
      ...['--fixed', '{"sync":false}', '--source', 'our own notes (2026-11-29)'],
    ]);
    expect(made, made.stderr).toMatchObject({ code: 0 });
    expect(await sluice('models add fal own fal-ai/x --yes')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is there already'),
    });
    expect(await sluice('models set fal own fal-ai/flux/schnell3 --yes')).toMatchObject({ code: 0 });
    const row = async () => JSON.parse((await sluice('models show own --json')).stdout).models[0];
    expect(await row()).toMatchObject({
      ...{ providerModel: 'fal-ai/flux/schnell3', lossy: 'drop', enabled: false, shipped: false },
      ...{ fixed: { sync: false }, source: 'our own notes (2026-11-29)' },
    });
    expect(await sluice('models on fal own --yes')).toMatchObject({ code: 0 });
    expect(await row()).toMatchObject({ enabled: true, lossy: 'drop' });
    expect(await sluice('models off fal own --yes')).toMatchObject({ code: 0 });
    expect(await row()).toMatchObject({ enabled: false });
    expect(await sluice('models on fal nobody --yes')).toMatchObject({ code: 1 });
  });

  it('what the database refuses is said as it says it', async () => {
    const { code, stderr } = await sluice('models add fal bad fal-ai/bad --yes', ['--params', '{"steps":{"too":"x"}}']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('params.steps.too is not known')]);
    expect((await sluice('models add fal bad fal-ai/bad --lossy maybe --yes')).stderr).toContain(
      'must be pin, refuse or drop',
    );
  });

  it('check asks the vendor of each row, and says what does not fit', async () => {
    expect(await sluice('models check flux-schnell')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('2 fit, 0 do not, 0 could not be read'),
    });
    const params = ['--params', '{"prompt":{"to":"prompt","required":true},"steps":{"to":"nr_steps","min":1,"max":4}}'];
    expect(await sluice('models set fal own fal-ai/flux/schnell --yes', params.concat('--fixed', '{}'))).toMatchObject({
      code: 0,
    });
    const { code, stdout } = await sluice('models check own');
    expect([code, stdout]).toEqual([1, expect.stringContaining('params.steps goes to "nr_steps"')]);
  });

  it('check says what it could not read', async () => {
    const away = { FAL_BASE_URL: 'http://127.0.0.1:9', RUNWARE_BASE_URL: 'http://127.0.0.1:9' };
    const { code, stdout } = await sluice('models check flux-schnell', [], away);
    expect([code, stdout]).toEqual([1, expect.stringContaining('2 could not be read')]);
    expect(stdout).toContain('cannot be read: ');
  });
});
