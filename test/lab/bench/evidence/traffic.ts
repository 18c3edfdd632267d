import type { Regime } from '@/test/lab/regimes/regime';
import { type Found, ruleNames, type Trials, tryRegime } from './try-regime';

export interface TrafficOptions {
  readonly regimes: readonly Regime[];
  /** null: the levels of each regime, or 10, 100 and 1,000. */
  readonly levels: readonly number[] | null;
  readonly traces: number;
  readonly seed: number;
  readonly say: (line: string) => void;
}

/** A line of the table of one kind of traffic: what each rule did with the same traces. */
export interface TrafficRow {
  readonly regime: string;
  readonly about: string;
  readonly sick: boolean;
  readonly perMinute: number;
  readonly traces: number;
  readonly seed: number;
  readonly rules: Readonly<Record<string, Figures>>;
}

/** Shares are in percent, with the 95 % interval of Wilson; minutes are of those that were found. */
export interface Figures {
  readonly rolledBack: number;
  readonly low: number;
  readonly high: number;
  readonly median: number | null;
  readonly p90: number | null;
  readonly byMetric: Readonly<Record<string, number>>;
}

const usualLevels = [10, 100, 1000];

export function tryTraffic({ regimes, levels, traces, seed, say }: TrafficOptions): TrafficRow[] {
  return regimes.flatMap((regime) =>
    (levels ?? regime.levels ?? usualLevels).map((perMinute) => {
      const row = rowOf(tryRegime(regime, perMinute, { traces, seed }), seed);
      say(lineOf(row));
      return row;
    }),
  );
}

function rowOf({ regime, perMinute, found }: Trials, seed: number): TrafficRow {
  const { name, about, onsetMinute } = regime;
  const rules = Object.fromEntries(ruleNames.map((rule) => [rule, figuresOf(found[rule])]));
  const traces = found[ruleNames[0]].length;
  return { regime: name, about, sick: onsetMinute !== null, perMinute, traces, seed, rules };
}

export function figuresOf(found: readonly Found[]): Figures {
  const minutes = found.map((each) => each.minutes ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b);
  const at = (share: number) => {
    const value = minutes[Math.min(minutes.length - 1, Math.floor(share * minutes.length))];
    return value !== undefined && Number.isFinite(value) ? value : null;
  };
  const byMetric: Record<string, number> = {};
  for (const { metric } of found) if (metric !== null) byMetric[metric] = (byMetric[metric] ?? 0) + 1;
  const hits = minutes.filter(Number.isFinite).length;
  const [low, high] = wilson(hits, found.length);
  return { rolledBack: (100 * hits) / found.length, low, high, median: at(0.5), p90: at(0.9), byMetric };
}

/** The 95 % interval of a share, in percent. */
function wilson(hits: number, n: number): [number, number] {
  const z = 1.96;
  const share = hits / n;
  const centre = share + (z * z) / (2 * n);
  const reach = z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  const scale = 100 / (1 + (z * z) / n);
  return [Math.max(0, centre - reach) * scale, Math.min(1, (centre + reach) / (1 + (z * z) / n)) * 100];
}

/** False rollbacks with their interval, or the minutes to find. */
export function cellOf(figures: Figures, sick: boolean): string {
  const percent = (share: number) => (share > 0 && share < 10 ? share.toFixed(1) : share.toFixed(0));
  if (!sick) return `${percent(figures.rolledBack)} % [${percent(figures.low)}–${percent(figures.high)}]`;
  const minutes = (value: number | null) => (value === null ? '–' : value.toFixed(1));
  return `${minutes(figures.median)} / ${minutes(figures.p90)} min, ${percent(figures.rolledBack)} %`;
}

export function lineOf(row: TrafficRow): string {
  const cells = ruleNames.map((rule) => {
    const figures = row.rules[rule] as Figures;
    const metrics = Object.entries(figures.byMetric).map(([metric, count]) => `${metric.slice(0, 4)} ${count}`);
    return `${rule}: ${cellOf(figures, row.sick)}${metrics.length ? ` (${metrics.join(', ')})` : ''}`;
  });
  return `${row.regime.padEnd(22)} ${String(row.perMinute).padStart(5)}/min  ${cells.join('  |  ')}`;
}
