import { type Segment, type SegmentedBy, type SegmentsView, segmentedBy } from '@/lib/api/segments-view';
import { readSegments } from '@/lib/charts/segments/read-segments';
import { parseDuration } from '@/lib/kernel/duration';
import { excerpt } from '@/lib/kernel/excerpt';
import { metricName, metricText } from '@/lib/rule/explain';
import { type Command, type Invocation, instantOption, textOption, UsageError } from '../../command';
import { tableLines } from '../../texts/table-lines';

const usualWindow = '1h';
const longestSeconds = 86_400;

export const segments: Command = {
  summary: 'the arms by model, size or caller, from the log of at most a day; no red line judges it',
  usage: 'segments [model|size|caller] [--window 6h | --from ISO [--to ISO]]',
  notes: [
    'The busiest twenty are listed. Each figure is one more look: of twenty that are alike, one differs by luck alone.',
    'Where the log has more than 100,000 attempts in that time, the newest are read; the first line says since when.',
  ],
  ofSplit: true,
  options: { window: { type: 'string' }, from: { type: 'string' }, to: { type: 'string' } },
  positionals: [0, 1],
  async run(call) {
    const by = byOf(call);
    const windowMs = windowOf(call);
    const control = await call.control();
    const { nowMs } = await control.flags.readSplit();
    const toMs = instantOption(call.values, 'to') ?? nowMs;
    const fromMs = instantOption(call.values, 'from') ?? toMs - windowMs;
    if (fromMs > toMs) throw new UsageError('--from is later than the end; nothing lies between.');
    const view = await readSegments(control, { by, fromMs, toMs, value: null });
    call.answer(view, linesOf(view));
    return undefined;
  },
};

function byOf({ positionals: [said = 'model'] }: Invocation): SegmentedBy {
  const by = segmentedBy.find((each) => each === said);
  if (by !== undefined) return by;
  throw new UsageError(`"${excerpt(said)}" is no segment; it must be ${segmentedBy.join(', ')}.`);
}

function windowOf({ values }: Invocation): number {
  const said = textOption(values, 'window') ?? usualWindow;
  const seconds = parseDuration(said) ?? 0;
  if (seconds >= 60 && seconds <= longestSeconds) return seconds * 1000;
  throw new UsageError(`--window is "${excerpt(said)}"; it must be a duration from 1m to 24h, such as 6h.`);
}

function linesOf(view: SegmentsView): string[] {
  const span = `From the log itself, ${view.from} to ${view.to}.`;
  if (view.segments.length === 0) return [span, 'There is no request in it.'];
  const header = [view.by, 'requests', 'figure', 'candidate', 'baseline', 'verdict'];
  return [
    span,
    ...(view.looks === 0 ? [] : [luckOf(view)]),
    '',
    ...tableLines(header, view.segments.flatMap(rowsOf)),
    ...(view.others === 0 ? [] : [`Less busy ones that are not listed: ${view.others}.`]),
  ];
}

/** The same warning as beside the charts. */
function luckOf({ looks, by_luck: luck }: SegmentsView): string {
  const many = looks === 1 ? 'one comparison' : `${looks} comparisons at once`;
  return `You look at ${many}: one of 20 differs by luck alone, of these about ${Math.round(luck * 10) / 10}.`;
}

function rowsOf({ value, requests, comparison }: Segment): unknown[][] {
  const counts = Object.entries(requests).map(([arm, n]) => `${arm} ${n}`);
  const first = [value ?? '(not said)', counts.join(', ')];
  const figures = comparison.map(({ arm, metric, candidate, baseline, verdict }) => [
    ...[metricName(metric), metricText(metric, candidate.value), metricText(metric, baseline.value)],
    verdict === 'worse' || verdict === 'better' ? `${arm} ${verdict}` : '',
  ]);
  if (figures.length === 0) return [first];
  return figures.map((figure, at) => [...(at === 0 ? first : ['', '']), ...figure]);
}
