import { describe, expect, it } from 'vitest';
import { storyOf } from '@/app/_components/state/job-story';
import type { JobDetail } from '@/lib/api/jobs-view';

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 29, 9, 0, seconds)).toISOString();
const running = {
  ...{ created_at: at(0), accepted_at: at(2), started_at: at(5), cancel_asked_at: null, ended_at: null },
  ...{
    expires_at: null,
    state: 'running',
    error: null,
    error_kind: null,
    blocked: null,
    polls: 3,
    upstream_id: 'up-1',
  },
  attempts: [
    { attempt: 1, provider: 'runware', latency_ms: 90, error_kind: 'http_503', error: 'no room' },
    { attempt: 2, provider: 'fal', latency_ms: 80, error_kind: null, error: null },
  ],
  events: [{ type: 'split_route', attempt: 1, at: at(1) }],
} as unknown as JobDetail;
const told = (job: object) => storyOf({ ...running, ...job }).map(({ what }) => what);

describe('the story of a job', () => {
  it('is told in the order in which it happened, and what has no time after the creation', () => {
    expect(told({})).toEqual(['created', 'tried_in_vain', 'accepted', 'begun', 'looked_at']);
    expect(storyOf(running)[2]).toMatchObject({ what: 'accepted', latencyMs: 80, detail: 'up-1' });
    expect(told({ accepted_at: null, events: [] }).slice(0, 3)).toEqual(['created', 'tried_in_vain', 'tried']);
    expect(storyOf(running)[1]).toMatchObject({ at: at(1), provider: 'runware', detail: 'http_503: no room' });
  });

  it('says last what is so now, and nothing of it once it has ended', () => {
    expect(told({ blocked: 'fal has no key' }).slice(-2)).toEqual(['looked_at', 'blocked']);
    expect(told({ blocked: 'fal has no key', polls: 0 }).slice(-1)).toEqual(['blocked']);
    const ended = { state: 'failed', ended_at: at(9), cancel_asked_at: at(7), error: 'broke', error_kind: 'http_500' };
    expect(told(ended).slice(-4)).toEqual(['begun', 'cancel_asked', 'ended', 'settled']);
    expect(storyOf({ ...running, ...ended }).at(-2)).toMatchObject({ tone: 'breach', detail: 'http_500: broke' });
    expect(told({ ...ended, state: 'completed', expires_at: at(50) }).slice(-3)).toEqual([
      'ended',
      'settled',
      'links_die',
    ]);
  });
});
