import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newSplit } from '@/lib/control/splits/new-split';
import { usualLines } from '@/lib/split/policy/red-lines';
import { type JobStory, jobRows } from '../support/job-stories';
import { type TestRollout, testRollout } from '../support/rollout';
import { insertRows } from '../support/several-splits';
import { pastTheGuard, writeSplit } from '../support/splits';

const key = 'VIDEO_WEIGHTS';
const arm = (name: string, provider: string) => ({ name, provider, model: null, params: {} });
let rollout: TestRollout;

/** At D1 for an hour, with ten creates a minute on either arm; the candidate's began so many minutes ago. A fate that is null: no row. */
async function film(
  fateOf: (n: number) => JobStory['fate'] | null,
  minutes: number,
  startedMinutesAgo = 60,
): Promise<void> {
  const asked = {
    slug: 'video',
    kind: 'job' as const,
    baseline: arm('old', 'fal'),
    candidates: [arm('new', 'runware')],
  };
  await newSplit(rollout.sql, asked, { actor: 'ada', reason: null });
  await writeSplit(rollout.sql, key, { old: 0.9, new: 0.1 });
  await pastTheGuard(
    rollout.sql,
    `update feature_flags set rollout_started_at = now() - interval '${startedMinutesAgo} minutes',
      stage_started_at = now() - interval '${startedMinutesAgo} minutes' where flag_key = '${key}'`,
  );
  const nowMs = Date.now();
  const told = (name: string, of: (n: number) => JobStory['fate'] | null, began: number) =>
    Array.from({ length: began * 10 }, (_, n) => n).flatMap((n): JobStory[] => {
      const fate = of(n);
      const ago = { beganMs: nowMs - began * 60_000 + n * 6000, answeredAfterMs: 1500 };
      const rest = { tookMs: 80_000 + ((n * 7919) % 40_000), costPerUnit: 0.1, pinned: false, rescued: false };
      return fate === null ? [] : [{ arm: name, ...ago, ...rest, fate }];
    });
  const stories = [...told('old', () => 'done', 60), ...told('new', fateOf, minutes)];
  const rows = stories.flatMap((story, n) => jobRows(story, { split: key, id: `job-${n}` }));
  await insertRows(
    rollout.sql,
    rows.filter(({ atMs }) => atMs <= nowMs),
  );
}

const weights = async () => {
  const [row] = await rollout.sql<{ text: string; stage: string }[]>`
    select f.flag_value_text as text, f.stage from feature_flags f where f.flag_key = ${key}`;
  return { weights: JSON.parse(row?.text ?? 'null'), stage: row?.stage };
};
const lines = async () => {
  const [row] = await rollout.sql<{ verdicts: { metric: string; verdict: string }[] }[]>`
    select t.decision -> 'lines' as verdicts from sluice.ticks t where t.split = ${key} order by t.at desc limit 1`;
  return Object.fromEntries((row?.verdicts ?? []).map((each) => [each.metric, each]));
};

beforeEach(async () => {
  rollout = await testRollout({ fal: 1, runware: 0 });
});
afterEach(() => rollout.close());

describe('a split of jobs, judged by the watchdog', () => {
  it('rolls back a candidate of which 30 % never end: 30 % of its cohorts are late, of the finished jobs none', async () => {
    await film((n) => (n % 10 < 3 ? 'runs' : 'done'), 45);
    expect(await rollout.tick()).toMatchObject({
      result: 'decided',
      splits: expect.arrayContaining([expect.objectContaining({ split: key, action: 'rollback', error: null })]),
    });
    expect(await weights()).toEqual({ weights: { old: 1, new: 0 }, stage: 'rolled_back' });
    const [entry] = await rollout.sql<{ reason: string }[]>`
      select j.reason from sluice.journal j where j.flag_key = ${key} order by j.id desc limit 1`;
    expect(entry?.reason).toMatch(/new p95 time to done is 600 s over the last 15m \(1\d\d jobs; line >= 600 s\)/);
  });

  it('keeps it where only its finished jobs are counted, whose p95 is 2 min', async () => {
    await film((n) => (n % 10 < 3 ? null : 'done'), 45);
    await rollout.tick();
    expect(await weights()).toMatchObject({ weights: { old: 0.9, new: 0.1 } });
    const line = (await lines()).p95_time_to_done_ms;
    expect(line).toMatchObject({ verdict: 'ok', value: expect.closeTo(119_000, -4) });
  });

  it('waits while the candidate is merely younger than its line allows a job', async () => {
    await film((n) => (n % 10 < 3 ? 'runs' : 'done'), 9, 9);
    await rollout.tick();
    expect(await weights()).toMatchObject({ weights: { old: 0.9, new: 0.1 } });
    expect((await lines()).p95_time_to_done_ms).toMatchObject({ verdict: 'insufficient', n: 0 });
  });

  it('finds a healthy one well, in every line of jobs', async () => {
    await film(() => 'done', 60);
    await rollout.tick();
    const found = await lines();
    expect(Object.keys(found)).toEqual(usualLines.job.map(({ metric }) => metric));
    for (const each of Object.values(found)) expect(each.verdict).toBe('ok');
  });
});
