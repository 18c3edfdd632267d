import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrivals } from '@/lib/replay/arrivals';
import { RecordedHistory } from '@/lib/replay/recorded-history';
import { Recording } from '@/lib/replay/recording';
import { gridIndex, plainBasis, total } from '@/lib/rule/buckets/history';
import { jobColumns } from '@/lib/rule/buckets/jobs';
import { defaultPolicy, firstArm } from '@/lib/split/policy/policy';
import { usualLines } from '@/lib/split/policy/red-lines';
import { at } from '@/test/rule/scene';
import { type JobStory, jobBuckets, jobRows } from '@/test/support/job-stories';
import { historyOf } from '../support/histories';

const split = 'VIDEO_WEIGHTS';
const policy = firstArm({ ...defaultPolicy, baseline: 'old', candidates: ['new'], redLines: usualLines.job });

const story: fc.Arbitrary<JobStory> = fc.record({
  arm: fc.constantFrom('old', 'new'),
  beganMs: fc.integer({ min: at(-3600), max: at(-30) }),
  answeredAfterMs: fc.integer({ min: 0, max: 9000 }),
  fate: fc.constantFrom('runs', 'done', 'done', 'failed', 'given up', 'cancelled', 'refused', 'not accepted'),
  tookMs: fc.oneof(fc.integer({ min: 10_000, max: 1_500_000 }), fc.constantFrom(599_999, 600_000)),
  costPerUnit: fc.constantFrom(null, 0.1),
  pinned: fc.constantFrom(false, false, false, true),
  rescued: fc.constantFrom(false, false, false, true),
});

describe('a replay of jobs', () => {
  it('counts at each instant what the live rule counted then', () => {
    fc.assert(
      fc.property(fc.array(story, { maxLength: 40 }), fc.integer({ min: -3600, max: 0 }), (stories, seconds) => {
        const recording = new Recording((name) => ['old', 'new', 'fal', 'runware'].includes(name), split);
        for (const [n, each] of stories.entries())
          for (const { type, data, atMs } of jobRows(each, { split, id: `j${n}` }))
            recording.read(
              JSON.stringify({ event_type: type, event_data: data, created_at: new Date(atMs).toISOString() }),
            );
        expect(recording.badLines).toEqual([]);
        const now = gridIndex(at(seconds));
        const origin = gridIndex(at(-7200));
        const replayed = new RecordedHistory(recording, arrivals(recording, at(3600)), policy, origin);
        for (let tick = origin + 1; tick <= now; tick += 7) replayed.advance(tick);
        replayed.advance(now);
        const live = historyOf(jobBuckets(stories, now * 10_000), policy, at(-7200), now * 10_000, plainBasis);
        for (const role of ['candidate', 'baseline'] as const) {
          for (const column of jobColumns)
            for (const [from, to] of [
              [origin, now],
              [now - 90, now],
              [now - 200, now - 61],
            ] as const) {
              const [a, b] = [replayed.timeline, live].map((history) => {
                const totals = history.jobs?.[role][column];
                return totals === undefined ? null : total(history, totals, from, to);
              });
              expect({ role, column, from, n: a }).toEqual({ role, column, from, n: b });
            }
          const priced = [replayed.timeline, live].map((history) =>
            total(history, history[role].costNano, origin, now),
          );
          expect(priced[0]).toBe(priced[1]);
        }
      }),
      { numRuns: 150 },
    );
  });
});
