import { expect, it } from 'vitest';
import { latestChange } from '@/app/_components/band/latest-change';

const at = (minute: number) => `2026-03-02T11:${String(minute).padStart(2, '0')}:00.000Z`;
const mark = (minute: number, by: string, verb: string) => ({ at: at(minute), by, verb, stage: null, journal_id: 1 });
const attempt = (...marks: ReturnType<typeof mark>[]) => ({ from: at(0), steps: [], marks, ended: null });
const still = { latched: null, paused: null, stage_by: 'operator:ann', stage_started_at: at(1) };
const told = { attempts: [attempt(mark(1, 'operator:ann', 'advance'))], breaches: [], rearmed: null };

it('is who moved the stage, where nothing came after', () => {
  expect(latestChange({ ...still, story: told })).toMatchObject({ by: 'operator:ann', at: at(1) });
  const nothing = { ...still, stage_started_at: null, story: { ...told, attempts: [] } };
  expect(latestChange(nothing)).toBeNull();
});

it('is who paused, resumed or re-armed since', () => {
  const paused = { at: at(5), by: 'operator:wen', reason: null };
  expect(latestChange({ ...still, paused, story: told })).toMatchObject({ by: 'operator:wen', at: at(5) });
  const resumed = { ...told, attempts: [attempt(mark(5, 'operator:wen', 'pause'), mark(7, 'operator:bo', 'resume'))] };
  expect(latestChange({ ...still, story: resumed })).toMatchObject({ by: 'operator:bo', at: at(7) });
  const rearmed = { at: at(9), by: 'operator:cy', reason: 'mended', journal_id: 3 };
  expect(latestChange({ ...still, story: { ...told, rearmed } })).toMatchObject({ by: 'operator:cy', at: at(9) });
});
