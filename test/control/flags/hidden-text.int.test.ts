import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hiddenTextFault } from '@/lib/kernel/plain-text';
import { type TestRollout, testRollout } from '@/test/support/rollout';

let rollout: TestRollout;
beforeAll(async () => {
  rollout = await testRollout();
});
afterAll(() => rollout.close());

const change = `update feature_flags set flag_value_text = '{"fal":1,"runware":0}' where flag_key = 'GEN_PROVIDER_WEIGHTS'`;

function write(setting: string, value: string): Promise<unknown> {
  return rollout.sql.begin(async (tx) => {
    await tx`select set_config(${`sluice.${setting}`}, ${value}, true)`;
    await tx.unsafe(change);
  });
}

describe('who and why in SQL', () => {
  it.each([
    ['reason', 'x\u001b]0;owned\u0007', 'the reason holds U+001B at character 2'],
    ['reason', 'x\n2026-11-28 admin weights', 'the reason holds U+000A at character 2'],
    ['actor', 'operator:\u202enimda', 'the actor holds U+202E at character 10'],
  ])('%s %j is refused, and nothing changes', async (setting, value, sentence) => {
    const before = await rollout.version();
    await expect(write(setting, value)).rejects.toThrow(`GEN_PROVIDER_WEIGHTS was not changed: ${sentence}`);
    expect(await rollout.version()).toBe(before);
  });

  it('is judged as the doors judge it', async () => {
    const sign = fc.oneof(
      fc.integer({ min: 1, max: 0x2100 }),
      fc.integer({ min: 1, max: 0xa0 }),
      fc.integer({ min: 0x2020, max: 0x2070 }),
      fc.integer({ min: 0x10000, max: 0x1f9ff }),
    );
    const texts = fc.sample(
      fc.array(sign, { maxLength: 12 }).map((points) => String.fromCodePoint(...points)),
      4000,
    );
    const rows = await rollout.sql<{ text: string; fault: string | null }[]>`
      select t.text, sluice.hidden_text_fault('it', t.text) as fault from unnest(${texts}::text[]) t (text)`;
    expect(rows).toHaveLength(texts.length);
    for (const { text, fault } of rows) expect({ text, fault }).toEqual({ text, fault: hiddenTextFault('it', text) });
    const every = Array.from({ length: 0x3000 }, (_, at) => at + 1).map((point) => String.fromCodePoint(point));
    const [{ count } = { count: -1 }] = await rollout.sql<{ count: number }[]>`
      select count(*)::int as count from unnest(${every}::text[]) t (text)
      where sluice.hidden_text_fault('it', t.text) is not null`;
    expect(count).toBe(every.filter((text) => hiddenTextFault('it', text) !== null).length);
  });
});
