import type { LineTrend, SparedBreach } from '@/lib/api/story';
import { isCrossed } from '@/lib/rule/hold';
import type { LineSample } from './story-store';

const minuteMs = 60_000;
const minutes = 60;

/** When what the trends show begins. */
export const trendSinceMs = (nowMs: number): number => (Math.floor(nowMs / minuteMs) - minutes + 1) * minuteMs;

/** One line's samples as a value a minute; null where no tick judged it. */
export function trendOf(samples: readonly LineSample[], nowMs: number): LineTrend | null {
  if (samples.length === 0) return null;
  const fromMs = trendSinceMs(nowMs);
  const at = new Map(samples.map((sample) => [Math.floor((sample.slotMs - fromMs) / minuteMs), sample]));
  const each = Array.from({ length: minutes }, (_, index) => at.get(index));
  const runs = runsOf(each);
  const last = runs.at(-1);
  const newest = samples.at(-1);
  const isOver = newest !== undefined && isCrossed(newest);
  return {
    from: new Date(fromMs).toISOString(),
    step_seconds: minuteMs / 1000,
    values: each.map((sample) => short(sample?.value)),
    baseline: each.map((sample) => short(sample?.baseline)),
    over: runs,
    spared: last === undefined || isOver ? null : sparedOf(each.slice(last[0], last[1] + 1)),
  };
}

type Samples = readonly (LineSample | undefined)[];

function runsOf(each: Samples): readonly (readonly [number, number])[] {
  const runs: [number, number][] = [];
  each.forEach((sample, index) => {
    if (sample === undefined || !isCrossed(sample)) return;
    const open = runs.at(-1);
    if (open && each.slice(open[1] + 1, index).every((between) => between === undefined)) open[1] = index;
    else runs.push([index, index]);
  });
  return runs;
}

/** Of the run the sample that came nearest to acting; null where something was done: by the line, or by a person. */
function sparedOf(run: Samples): SparedBreach | null {
  const known = run.filter((sample) => sample !== undefined);
  const [first, last] = [known.at(0), known.at(-1)];
  if (first === undefined || last === undefined || known.some(isAnswered)) return null;
  const nearest = known.reduce((a, b) => (nearness(b) > nearness(a) ? b : a));
  const { verdict, hindrance, over, hits, n, chance } = nearest;
  // It had been over for a while when a tick first said so.
  return {
    from: new Date(first.slotMs - first.over * 1000).toISOString(),
    to: new Date(last.slotMs).toISOString(),
    ...{ verdict, hindrance, over_seconds: over, hits, n, chance },
  };
}

/** It acted, or what is still in its window is of before the traffic was taken away. */
const isAnswered = ({ verdict, hindrance }: LineSample): boolean =>
  hindrance === 'nothing_to_roll_back' || (verdict === 'held' && hindrance === null);

const nearness = ({ hindrance, over }: LineSample): number => over + (hindrance === null ? 0 : 1e9);

/** Four digits are more than a line of eighty pixels shows. */
const short = (value: number | null | undefined): number | null =>
  value === null || value === undefined ? null : Number(value.toPrecision(4));
