import type { MetricsView } from '@/lib/api/metrics-view';
import { type SegmentedBy, type SegmentsView, segmentedBy } from '@/lib/api/segments-view';

/** What the address says of segments: by what, and which of them the charts show. */
export interface SegmentChoice {
  readonly by: SegmentedBy | null;
  readonly segment: string | null;
}

export function segmentChoiceOf(search: Pick<URLSearchParams, 'get'>): SegmentChoice {
  const by = segmentedBy.find((each) => each === search.get('by')) ?? null;
  return { by, segment: by === null ? null : search.get('segment') || null };
}

export function segmentSearch(search: URLSearchParams, { by, segment }: SegmentChoice): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const [name, value] of Object.entries({ by, segment })) {
    if (value === null) next.delete(name);
    else next.set(name, value);
  }
  return next;
}

/** The charts of one segment: its own series, and no breach, for no line judges it. */
export function segmentView(view: MetricsView, segments: SegmentsView | undefined, value: string | null): MetricsView {
  const chart = segments?.chart;
  if (value === null || !chart || chart.value !== value) return view;
  const { from, to } = segments;
  return { ...view, from, to, step_seconds: chart.step_seconds, providers: chart.providers, breaches: [] };
}
