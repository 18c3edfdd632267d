import { expect, it } from 'vitest';
import type { Log } from '@/lib/config/log';
import type { AlertStore } from '@/lib/control/alerts/alert-store';
import type { AnchorBook } from '@/lib/control/journal/anchor-book';
import type { IntegrityStore } from '@/lib/control/journal/integrity-store';
import { IntegrityLooks } from '@/lib/watch/integrity-looks';

const never = new Promise<never>(() => {});
const heads = [{ flagKey: 'GEN_PROVIDER_WEIGHTS', seq: 1, hash: 'a'.repeat(64) }];
const fault = { key: 'guard feature_flags.guard_flag', sentence: 'The trigger is off.' };

/** A store that answers the quick question, or none: a database that hangs cannot be had so exactly. */
function looking(check: IntegrityStore['check']) {
  const [raised, said]: [string[], string[]] = [[], []];
  const alerts = {
    open: async () => [],
    raise: async ({ key }: { key: string }) => void raised.push(key),
    resolve: async () => {},
  } as unknown as AlertStore;
  const book: AnchorBook = {
    ...{ load: () => [], keep: () => 'line', line: () => 'line', doubt: () => null },
    ...{ place: '/book', owner: 'us' },
  };
  const say = (_: object, words: string) => void said.push(words);
  const log = { warn: say, info: say, error: say } as unknown as Log;
  return { looks: new IntegrityLooks({ store: { check }, book, alerts }, log), raised, said };
}

it('a look ends in time where the database hangs, and says so once', async () => {
  const { looks, said } = looking(() => never);
  expect(await looks.look(50)).toEqual([]);
  expect(await looks.look(50)).toEqual([]);
  expect(said).toEqual(['the journal was not verified; it is tried again and not said again']);
});

it('a journal too long to be read through in time keeps nobody from the rest, and is said', async () => {
  const asked: boolean[] = [];
  const { looks, raised, said } = looking(async (_seen, isWhole) => {
    asked.push(isWhole);
    return isWhole ? never : { faults: [fault], heads };
  });
  expect(await looks.look(50)).toEqual([fault]);
  expect(await looks.look(50)).toEqual([fault]);
  expect(asked).toEqual([false, true, false]);
  expect(raised).toContain(fault.key);
  expect(said[0]).toContain('not every hash was verified in time');
});

it('one that is called from outside looks at the pace of the watchdog', async () => {
  let asked = 0;
  const { looks } = looking(async () => {
    asked += 1;
    return { faults: [], heads };
  });
  for (let call = 0; call < 5; call++) await looks.lookIfDue(1000);
  expect(asked, 'one quick look and one that verifies every hash').toBe(2);
});
