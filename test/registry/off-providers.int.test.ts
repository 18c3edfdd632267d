import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '@/test/support/database';
import { addSplit, writeSplit } from '@/test/support/splits';

let database: TestDatabase;
let count = 0;
let split: string;
const run = (text: string) => database.sql.unsafe(text);
const fault = (statement: string) =>
  run(statement).then(
    () => null,
    (error: Error) => error.message,
  );

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

/** Its baseline and its candidate are each at a provider of their own. */
beforeEach(async () => {
  const n = ++count;
  split = `OFF_${n}_WEIGHTS`;
  for (const name of [`here${n}`, `there${n}`])
    await run(`insert into sluice.providers (name, label, adapter) values ('${name}', 'P', 'openai')`);
  await addSplit(database.sql, { key: split, slug: `off-${n}`, arms: { old: `here${n}`, new: `there${n}` } });
});

const state = (which: 'here' | 'there', becomes: string) =>
  `update sluice.providers set state = '${becomes}' where name = '${which}${count}'`;
const archive = (at: string) => `update sluice.splits set archived_at = ${at} where key = '${split}'`;

/** The same policy and weights, whose baseline is the other arm. */
const swapped = (text: string) => text.replaceAll(/"(old|new)"/g, (_, arm) => (arm === 'old' ? '"new"' : '"old"'));

describe.each(['off', 'draining'])('a provider that is %s', (becomes) => {
  it('of the baseline of an archived split keeps it archived', async () => {
    await run(archive('now()'));
    await run(state('here', becomes));
    expect(await fault(archive('null'))).toBe(
      `split ${split} was not changed: arm "old" needs provider here${count}, which is ${becomes}: 100 % of ${split} goes to it now; set its state to active first`,
    );
    await run(state('here', 'active'));
    expect(await fault(archive('null'))).toBeNull();
  });

  it('of a candidate of an archived split does not', async () => {
    await run(archive('now()'));
    await run(state('there', becomes));
    expect(await fault(archive('null'))).toBeNull();
  });

  it('is not where a baseline moves to while it has no share', async () => {
    await writeSplit(database.sql, split, { old: 0, new: 1 });
    await run(
      `insert into sluice.providers (name, label, adapter, state) values ('away${count}', 'P', 'openai', '${becomes}')`,
    );
    const move = `update sluice.arms set provider = 'away${count}' where split = '${split}' and name = 'old'`;
    expect(await fault(move)).toBe(
      `arm old of ${split} was not changed: arm "old" needs provider away${count}, which is ${becomes}: it is the baseline of ${split}; set its state to active first`,
    );
    await run(state('there', 'active'));
    expect(await fault(move.replace(`'away${count}'`, `'there${count}'`))).toBeNull();
  });

  it('is not the baseline that a policy names', async () => {
    await run(state('there', becomes));
    const [row] = await database.sql<{ text: string }[]>`
      select f.flag_value_text as text from feature_flags f where f.flag_key = sluice.policy_key(${split})`;
    const change = (text = '') =>
      fault(`update feature_flags set flag_value_text = '${text}' where flag_key = sluice.policy_key('${split}')`);
    expect(await change(swapped(row?.text ?? ''))).toBe(
      `OFF_${count}_POLICY was not changed: policy.baseline is "new", whose provider there${count} is ${becomes}; set its state to active first`,
    );
    expect(await change(row?.text.replace('"1h"', '"2h"'))).toBeNull();
    await run(state('there', 'active'));
    expect(await change(swapped(row?.text ?? ''))).toBeNull();
  });

  it('may be that of any arm of a split that is archived', async () => {
    await run(archive('now()'));
    await run(state('here', becomes));
    await run(state('there', becomes));
    const move = `update sluice.arms set provider = 'here${count}' where split = '${split}' and name = 'new'`;
    expect(await fault(move)).toBeNull();
  });
});
