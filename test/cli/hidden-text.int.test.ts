import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestRollout, testRollout } from '../support/rollout';
import { sluiceLines } from '../support/sluice-line';

const sluiceLine = sluiceLines();

let rollout: TestRollout;
beforeAll(async () => {
  rollout = await testRollout();
});
afterAll(() => rollout.close());

const sluice = (...args: string[]) => sluiceLine(args, { databaseUrl: rollout.database.url });
const hidden = '\u001b]0;owned\u0007\u009b2J\n2026-11-28 admin rearm\u202e';
const obeyed = /(?![\r\n])[\p{Cc}\u202e]/u;

it('a reason that a terminal would obey is refused by its code point', async () => {
  const before = await rollout.version();
  const { code, stderr } = await sluice('rollback', '--yes', '--reason', `why ${hidden}`);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: expect.stringContaining('--reason holds U+001B at character 5'),
  });
  expect(await rollout.version()).toBe(before);
});

it('what is stored already is written out', async () => {
  await rollout.sql.begin(async (tx) => {
    await tx.unsafe('alter table sluice.journal disable trigger plain_text');
    await tx`select set_config('sluice.reason', ${hidden}, true), set_config('sluice.actor', ${`a${hidden}`}, true)`;
    await tx.unsafe(
      `update feature_flags set flag_value_text = '{"fal":1,"runware":0}' where flag_key = 'GEN_PROVIDER_WEIGHTS'`,
    );
    await tx.unsafe('alter table sluice.journal enable always trigger plain_text');
  });
  const [lines, json, csv, status] = await Promise.all([
    sluice('journal', '--limit', '1'),
    sluice('journal', '--limit', '1', '--json'),
    sluice('journal', '--limit', '1', '--csv'),
    sluice('status'),
  ]);
  for (const { code, stdout } of [lines, json, csv, status]) {
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.not.stringMatching(obeyed) });
  }
  expect(lines.stdout.trimEnd().split('\n')).toHaveLength(1);
  expect(lines.stdout).toContain('\\u001b]0;owned\\u0007');
  expect(JSON.parse(json.stdout).entries[0].reason).toBe(hidden);
}, 180_000);
