import type { RelayLine, RelayProbe, RelayUnderTest } from './relay-under-test';

/** What is signed says when: so many seconds apart it is refused, or soon will be. */
const bounds: Readonly<Record<string, { readonly warn: number; readonly fail: number }>> = {
  // A token is good from five seconds before it was made.
  'kling-jwt': { warn: 5, fail: 30 },
  'volc-signature': { warn: 60, fail: 600 },
};

interface Asked {
  readonly sentMs: number;
  readonly heardMs: number;
}

/** By the `Date` of its answer, which knows whole seconds. */
export function checkClock({ scheme }: RelayUnderTest, { seen }: RelayProbe, { sentMs, heardMs }: Asked): RelayLine {
  const skipped = (what: string): RelayLine => ({ step: 'clock', status: 'skipped', what, fix: null });
  const bound = Object.hasOwn(bounds, scheme) ? bounds[scheme] : undefined;
  if (bound === undefined) return skipped('nothing is signed with the time');
  if (seen === null || seen.dateMs === null) return skipped('its answers say no time');
  const seconds = apart(seen.dateMs, sentMs, heardMs);
  const what =
    seconds === 0
      ? 'its clock and ours agree within a second'
      : `this machine is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} its clock, and ${scheme} signs the time`;
  const status = Math.abs(seconds) > bound.fail ? 'fail' : Math.abs(seconds) > bound.warn ? 'warn' : 'ok';
  return { step: 'clock', status, what, fix: status === 'ok' ? null : 'timedatectl set-ntp true on this machine' };
}

/** Seconds that no way of the answer explains; more than 0: we are ahead. */
function apart(dateMs: number, sentMs: number, heardMs: number): number {
  if (dateMs + 1000 < sentMs) return Math.round((sentMs - dateMs - 1000) / 1000);
  if (dateMs > heardMs) return -Math.round((dateMs - heardMs) / 1000);
  return 0;
}
