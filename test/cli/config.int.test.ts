import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backdate, logTraffic, type TestRollout, testRollout } from '../support/rollout';
import type { Ran } from '../support/run-sluice';
import { sluiceLines } from '../support/sluice-line';

const sluiceLine = sluiceLines();

let rollout: TestRollout;
let folder: string;
beforeAll(async () => {
  rollout = await testRollout();
  folder = await mkdtemp(join(tmpdir(), 'sluice-config-'));
});
afterAll(async () => {
  await rollout.close();
  await rm(folder, { recursive: true });
});

const example = 'docs/examples/sluice.yaml';
const env = { SLACK_WEBHOOK_URL: 'https://127.0.0.1/hook', SLUICE_ALLOW_PRIVATE_WEBHOOKS: '1', CI: '' };
const sluice = (args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Ran> =>
  sluiceLine(args, { databaseUrl: rollout.database.url, env: { ...env, ...more } });
const written = async (name: string, text: string) => {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
};
/** Without what stands before it; a formatter writes lists closer than the export does. */
const body = (text: string) => text.replace(/^(?:#.*\n|\n)+/, '').replace(/\[ (.*?) \]/g, '[$1]');

describe('sluice.yaml by the command line', () => {
  it('drift, apply, drift, export: the example comes out as it went in', async () => {
    const before = await sluice(['drift', example]);
    expect(before.code).toBe(5);
    expect(before.stdout).toContain('+ split video');
    const applied = await sluice(['apply', example, '--yes']);
    expect(applied).toMatchObject({ code: 0, stderr: expect.stringContaining('this writes to database') });
    expect(applied.stdout).toContain(`Applied`);
    expect(await sluice(['drift', example])).toMatchObject({ code: 0 });
    expect(await sluice(['apply', example, '--yes'])).toMatchObject({
      code: 0,
      stdout: `Nothing to do: the database says what ${example} says.\n`,
    });
    const { stdout } = await sluice(['export']);
    expect(body(stdout)).toBe(body(await readFile(example, 'utf8')));
    const [weights] =
      await rollout.sql`select flag_value_text as text from feature_flags where flag_key = 'POSTERS_WEIGHTS'`;
    expect(JSON.parse(weights?.text)).toEqual({ new: 0, old: 1, turbo: 0 });
    const [last] = await rollout.sql`
      select j.actor, j.reason from sluice.journal j where j.flag_key = 'sluice.registry' order by j.seq desc limit 1`;
    expect(last).toMatchObject({
      actor: expect.stringMatching(/^cli:/),
      reason: expect.stringMatching(/^apply docs\/examples\/sluice\.yaml \(sha256 [0-9a-f]{64}\)$/),
    });
    expect(await rollout.stage()).toBe('D1');
  });

  it('plan shows what a changed policy would have done, as Markdown on CI', async () => {
    await logTraffic(rollout.sql, { provider: 'fal', fromSecondsAgo: 3000, perMinute: 60 });
    await logTraffic(rollout.sql, { provider: 'runware', fromSecondsAgo: 3000, perMinute: 60, failEvery: 4 });
    const policy =
      '    policy: { minRequests: 20, redLines: [{ metric: failure_rate, limit: 0.5, window: 5m, hold: 5m }] }\n';
    const gen = `splits:\n  gen:\n    key: GEN_PROVIDER_WEIGHTS\n    kind: image\n    label: "Images | <b>"\n    default: true\n${policy}`;
    const file = await written('gen.yaml', gen);
    const { code, stdout } = await sluice(['plan', file], { CI: 'true' });
    expect(code).toBe(0);
    expect(stdout).toContain('### Sluice: `');
    expect(stdout).toContain('| change | split gen | label | Images | Images \\| \\<b\\> |');
    expect(stdout).toMatch(/\| gen \| 14 \| \d+ \| .* \| no rollback \|/);
    expect((await sluice(['plan', file])).stdout).toMatch(
      /policy of gen: over the last 14 days, \d+ requests: no rollback; the one that judges now: /,
    );
    const told = JSON.parse((await sluice(['plan', file, '--json'])).stdout);
    expect(told).toMatchObject({
      seen: expect.any(String),
      refused: null,
      replays: [{ split: 'GEN_PROVIDER_WEIGHTS', becomes: { rollback_at: null } }],
    });
    expect(await sluice(['drift', file])).toMatchObject({ code: 5 });
  });

  it('a policy that would act at once is applied with --confirm only', async () => {
    // A stage that has just begun has no requests yet, whatever came before it.
    await backdate(rollout.sql, 3700);
    const policy = '{ minRequests: 20, redLines: [{ metric: failure_rate, limit: 0.1, window: 5m, hold: 5m }] }';
    const gen = `splits:\n  gen:\n    key: GEN_PROVIDER_WEIGHTS\n    kind: image\n    label: Images\n    default: true\n    policy: ${policy}\n`;
    const file = await written('strict.yaml', gen);
    const refused = await sluice(['apply', file, '--yes']);
    expect(refused).toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringContaining('Nothing was applied. gen: This policy '),
    });
    expect(await sluice(['apply', file, '--yes', '--confirm'])).toMatchObject({ code: 0 });
    expect(await rollout.stage()).toBe('D1');
  });

  it('says where there was no traffic', async () => {
    const posters = (await readFile(example, 'utf8')).replace('limit: 20000', 'limit: 30000');
    const { stdout } = await sluice(['plan', await written('posters.yaml', posters)]);
    expect(stdout).toContain('~ policy of posters\n    redLines.p95_latency_ms.limit: 20000 → 30000\n');
    expect(stdout).toContain('policy of posters: no traffic in the last 14 days that it could be tried on.');
  });

  it('what was seen holds: a plan that somebody wrote after is refused with 4', async () => {
    const file = await written('shop.yaml', 'callers:\n  shop: { scopes: [generate] }\n');
    const { seen } = JSON.parse((await sluice(['plan', file, '--json'])).stdout);
    await rollout.sql`update sluice.callers set rate_per_minute = 601 where name = 'shop'`;
    const late = await sluice(['apply', file, '--yes', '--seen', seen]);
    expect(late).toMatchObject({
      code: 4,
      stdout: '',
      stderr: expect.stringContaining('Nothing was applied: somebody wrote'),
    });
    expect(await rollout.sql`select rate_per_minute from sluice.callers where name = 'shop'`).toEqual([
      { rate_per_minute: 601 },
    ]);
  });

  it('what the database refuses is said by plan and by apply, with its place', async () => {
    const file = await written(
      'prune.yaml',
      'splits:\n  gen: { key: GEN_PROVIDER_WEIGHTS, kind: image, label: Images, default: true, arms: { fal: { provider: fal } } }\nproviders:\n  fal: { adapter: fal, label: FAL }\n',
    );
    const planned = await sluice(['plan', file, '--prune']);
    expect(planned.code).toBe(1);
    expect(planned.stdout).toMatch(/The database would refuse it: .*runware.*/);
    const applied = await sluice(['apply', file, '--prune', '--yes']);
    expect(applied).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/Nothing was applied\. /) });
    expect(await rollout.sql`select from sluice.splits where archived_at is not null`).toHaveLength(0);
  });

  it.each([
    ['not there', async () => join(folder, 'nowhere.yaml'), /nowhere\.yaml is not there/],
    ['a folder', async () => folder, /cannot be read \(EISDIR\)/],
    ['10 MB', () => written('large.yaml', '# a\n'.repeat(2_500_000)), /is larger than 1000000 bytes/],
    [
      'a key',
      () => written('key.yaml', 'providers:\n  a: { options: { api_key: 5d3f6b7a1c2e4f80 } }\n'),
      /key\.yaml:2:\d+: holds what looks like a key/,
    ],
    [
      'two faults',
      () => written('two.yaml', 'callers:\n  A: {}\n  b: { scopes: [] }\n'),
      /two\.yaml:2:3: .*\n.*two\.yaml:3:\d+: /,
    ],
    ['a bomb', () => written('bomb.yaml', '['.repeat(100_000)), /nested more than 32 deep/],
  ])('a file that is %s: 2, and nothing of it is applied', async (_, file, sentence) => {
    const version = async () => (await rollout.sql`select sluice.registry_version() as v`)[0]?.v;
    const before = await version();
    const path = await file();
    for (const verb of ['plan', 'apply', 'drift']) {
      const { code, stdout, stderr } = await sluice([verb, path, ...(verb === 'apply' ? ['--yes'] : [])]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(sentence);
      expect(stderr).not.toMatch(/5d3f6b7a|\n {4}at /);
    }
    expect(await version()).toBe(before);
  });

  it('a new channel whose variable is not set is refused, and named', async () => {
    const file = await written('channel.yaml', `channels:\n  - { kind: wecom, url: "$\{NOBODY_SET_THIS}" }\n`);
    expect((await sluice(['plan', file])).stdout).toMatch(/NOBODY_SET_THIS\} is not set here; an apply needs it/);
    expect(await sluice(['apply', file, '--yes'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('NOBODY_SET_THIS'),
    });
  });

  it('export writes over another file with --yes only', async () => {
    const file = await written('mine.yaml', '# mine\n');
    expect(await sluice(['export', file])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('its comments would be lost'),
    });
    expect(await sluice(['export', file, '--yes'])).toMatchObject({ code: 0 });
    expect(await sluice(['export', file])).toMatchObject({ code: 0 });
    expect(await sluice(['drift', file, '--prune'])).toMatchObject({ code: 0 });
  });
});
