import { expect, it } from 'vitest';
import { cardView } from '@/lib/control/cards/card-view';
import { fakeArm, fakeLine, fakeSnapshot } from '@/test/fakes/snapshot';

const at = '2026-03-02T11:20:00.000Z';
const none = { weights: { fal: 1, runware: 0 }, stage: 'baseline' };
const ended = {
  at,
  by: 'watchdog',
  verb: 'rollback',
  stage: 'D2',
  share: 0.5,
  metric: 'failure_rate',
  value: 0.263,
} as const;
const attempts = [{ from: at, steps: [], marks: [], ended: { ...ended, reason: 'secret', journal_id: 3 } }];
const latched = { at, by: 'watchdog', reason: 'written by somebody', journal_id: 3 };
const rearmed = { at, by: 'operator:ann', reason: 'mended', journal_id: 4 };
const over = { verdict: 'breach', value: 0.09, limit: 0.02, acts_at: at } as const;

it.each([
  ['well', /^Well: all \d red lines? (?:is|are) clear\.$/, {}],
  ['unknown', /^Everything goes to the baseline\.$/, none],
  ['unknown', /^Re-armed at 11:20:00 UTC: /, { ...none, story: { attempts, breaches: [], rearmed } }],
  [
    'breach',
    /^The watchdog rolled back from D2 50% at 11:20:00 UTC: failure rate 26\.3 %\.$/,
    { ...none, latched, story: { attempts, breaches: [], rearmed: null } },
  ],
  [
    'breach',
    /^Failure rate is 9 %, line 2 %; rolls back by itself at 11:20:00 UTC if it stays\.$/,
    { red_lines: [fakeLine(), fakeLine(over)] },
  ],
  ['breach', /^The watchdog is silent/, { watchdog: { ...fakeSnapshot().watchdog, alive: false } }],
  ['caution', /^Paused since 11:20:00 UTC/, { paused: { at, by: 'operator:ann', reason: 'tired' } }],
  [
    'unknown',
    /^Not enough yet: 21 of \d+ requests\.$/,
    { observation: { ...fakeSnapshot().observation, requests: 21 } },
  ],
  [
    'unknown',
    /^Not enough yet: 21 of \d+ jobs\.$/,
    {
      observation: { ...fakeSnapshot().observation, requests: 21 },
      red_lines: [fakeLine({ metric: 'end_failure_rate' })],
    },
  ],
  ['unknown', /^Too little data/, { red_lines: [fakeLine({ verdict: 'insufficient' })] }],
] as const)('is %s and says %s', (tone, sentence, change) => {
  const view = cardView(fakeSnapshot(change));
  expect(view).toMatchObject({ tone, sentence: expect.stringMatching(sentence) });
  expect(JSON.stringify(view)).not.toMatch(/ann|somebody|tired|mended|secret/);
});

it('counts candidates where their names have no room', () => {
  const arms = (...names: string[]) => [
    fakeArm('fal', 0.4, 'baseline'),
    ...names.map((name) => fakeArm(name, 0.1, 'candidate')),
  ];
  expect(cardView(fakeSnapshot({ arms: arms('new', 'small') })).share).toBe('10% on new, small');
  expect(cardView(fakeSnapshot({ arms: arms('new', 'small', 'tiny') })).share).toBe('10% on 3 candidates');
});
