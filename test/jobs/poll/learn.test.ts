import { expect, it } from 'vitest';
import type { ErrorKind } from '@/lib/gateway/providers/error-kind';
import { unread } from '@/lib/gateway/providers/job-unread';
import { learn, unknownFor } from '@/lib/jobs/poll/learn';
import type { LeasedJob } from '@/lib/jobs/poll/lease';

const unknown: LeasedJob = {
  ...{ provider: 'p', adapter: 'relay', keyVersion: 1, baseUrl: 'https://p.test', id: 'j', lease: 'l', dueAtUs: 1 },
  ...({ state: 'unknown', model: 'm', upstreamId: null, upstream: {}, ageMs: 600_000, polls: 0, misses: 0 } as const),
  ...{ blocked: null, isCancelAsked: false, cancelSaid: null, wasHeld: false },
};

it('what is unknown for good says that no answer came, where that is so', () => {
  const early = unknownFor({ ...unknown, ageMs: 599_000 });
  expect([early.state, early.due_ms]).toEqual(['unknown', 1000]);
  const lost = unknownFor(unknown);
  expect([lost.state, lost.error]).toEqual(['unknown_final', expect.stringMatching(/gave no answer to the create/)]);
  // Its row has the sentence that its answer passed, and keeps it.
  const untracked = unknownFor({ ...unknown, upstream: { untracked: true } });
  expect([untracked.state, untracked.error]).toEqual(['unknown_final', undefined]);
});

it('a job whose answers nobody can read ends at its age limit, and says what they were', () => {
  const habits = { pace: { firstMs: 1000, floorMs: 1000, mostMs: 1000 }, ageLimitMs: 60_000, readsUnknown: false };
  const looked = (errorKind: ErrorKind, ageMs: number, misses: number) =>
    learn(
      { ...unknown, state: 'accepted', ageMs, misses },
      unread(errorKind, 'its state is "COOKING"'),
      habits,
      () => 0,
    );
  const word = (made: ReturnType<typeof looked>) => [made.state, made.misses, made.error];
  expect(word(looked('malformed', 59_000, 4))).toEqual(['accepted', 4, undefined]);
  expect(word(looked('malformed', 60_000, 3))).toEqual(['accepted', 4, undefined]);
  const end = 'it did not end within 1 min, the age limit of its provider: its state is "COOKING"';
  expect(word(looked('malformed', 60_000, 4))).toEqual(['expired', 5, end]);
  // Where it is our own doing, or all jobs of the account wait, nothing of this one is known.
  for (const kind of ['rate_limited', 'local'] as const)
    expect(word(looked(kind, 60_000, 4))).toEqual(['accepted', 4, undefined]);
  // A provider that is away for a while may have them all: they get a day more.
  for (const kind of ['connect', 'provider_5xx'] as const)
    expect([60_000, 86_460_000].map((ageMs) => looked(kind, ageMs, 4).state)).toEqual(['accepted', 'expired']);
});
