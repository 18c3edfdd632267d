import { readFileSync } from 'node:fs';

interface Sample {
  readonly pid: number;
  readonly rss: number;
  readonly heap: number;
  /** null where the system does not say. */
  readonly descriptors: number | null;
}

export interface Drift {
  readonly name: string;
  readonly unit: 'MB' | '';
  readonly first: number;
  readonly last: number;
  readonly most: number;
  readonly isFlat: boolean;
}

/** Below this a process is still warming up: its code is compiled, its pools fill. */
const shortMinutes = 5;

/** The last third against the first third, by the median: flat is what may be luck. */
export function driftOf(file: string, minutes: number): { drifts: readonly Drift[]; pids: number; count: number } {
  const samples = readSamples(file);
  const isShort = minutes < shortMinutes;
  const drift = (name: string, unit: 'MB' | '', values: number[], mayGrow: (first: number) => number): Drift => {
    const third = Math.max(1, Math.floor(values.length / 3));
    const [first, last] = [median(values.slice(0, third)), median(values.slice(-third))];
    return { name, unit, first, last, most: Math.max(...values), isFlat: last - first <= mayGrow(first) };
  };
  const mega = (pick: (sample: Sample) => number) => samples.map((sample) => pick(sample) / 1_048_576);
  const open = samples.flatMap(({ descriptors }) => (descriptors === null ? [] : [descriptors]));
  const drifts =
    samples.length === 0
      ? []
      : [
          drift(
            'resident memory',
            'MB',
            mega(({ rss }) => rss),
            (mb) => (isShort ? 96 : Math.max(24, mb * 0.1)),
          ),
          drift(
            'heap after collection',
            'MB',
            mega(({ heap }) => heap),
            (mb) => (isShort ? 24 : Math.max(8, mb * 0.1)),
          ),
          ...(open.length === 0 ? [] : [drift('open descriptors', '', open, () => (isShort ? 64 : 10))]),
        ];
  return { drifts, pids: new Set(samples.map(({ pid }) => pid)).size, count: samples.length };
}

function readSamples(file: string): Sample[] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
    return lines.map((line) => JSON.parse(line) as Sample);
  } catch {
    return []; // Nothing was sampled.
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
