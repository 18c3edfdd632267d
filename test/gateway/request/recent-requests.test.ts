import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Served } from '@/lib/gateway/reported/request-finder';
import { RecentRequests } from '@/lib/gateway/request/recent-requests';

const served = (arm: string, caller: string): Served => ({ provider: 'fal', caller, split: 'GEN', arm });

it('finds the last of what was served under an id, and only among the last requests', () => {
  const most = 7;
  // Ids that are part of one another, come again, and are as long as may be.
  const id = fc.oneof(fc.stringMatching(/^[ab]{8,10}$/), fc.constantFrom('a'.repeat(64), `b${'a'.repeat(63)}`));
  const calls = fc.array(fc.tuple(id, fc.constantFrom('x', 'y'), fc.constantFrom('one', 'two')), { maxLength: 60 });
  fc.assert(
    fc.property(calls, (all) => {
      const recent = new RecentRequests(most);
      for (const [name, arm, caller] of all) {
        recent.add(name, served(arm, caller));
        if (arm === 'y') recent.find(name);
      }
      for (const name of new Set([...all.map(([each]) => each), 'a'.repeat(8)])) {
        const [, arm, caller] = all.slice(-most).findLast(([each]) => each === name) ?? [];
        const found = arm && caller ? served(arm, caller) : null;
        expect(recent.find(name)).toEqual(found);
        expect(recent.find(name, 'one')).toEqual(caller === 'one' ? found : null);
      }
    }),
  );
});

it('knows no id that is empty or longer than ids are, and gives one voucher for each', () => {
  const recent = new RecentRequests(3);
  recent.add('a'.repeat(65), served('x', 'one'));
  expect([recent.find(''), recent.find('a'.repeat(65)), recent.find('a'.repeat(64))]).toEqual([null, null, null]);
  expect([recent.addVoucher('r-1'), recent.addVoucher('r-1'), recent.addVoucher('r-2')]).toEqual([true, false, true]);
});
