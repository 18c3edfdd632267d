import { expect, it } from 'vitest';
import { unknownFor } from '@/lib/jobs/poll/learn';
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
