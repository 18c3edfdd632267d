import type { MetricPoint, MetricsView } from '@/lib/api/metrics-view';
import type { Metric } from '@/lib/split/policy/metrics';

/** What one point stands for: a failure rate is of requests, what comes later of those that were answered. */
function weightOf(point: MetricPoint, field: Metric): number {
  if (field === 'accept_failure_rate' || field === 'failure_rate') return point.requests;
  return point.requests * (1 - (point.failure_rate ?? 0));
}

/**
 * A share over the window of its red line, at each point: what the line judges. Ten seconds of six requests jump
 * between 0 and 17 % and say nothing beside a line of 2 %.
 */
export function windowedPoints(points: readonly MetricPoint[], field: Metric, windowSeconds: number): MetricPoint[] {
  let first = 0;
  let weight = 0;
  let sum = 0;
  const add = (point: MetricPoint, sign: 1 | -1) => {
    const value = point[field];
    if (value === null || value === undefined) return;
    const each = weightOf(point, field);
    weight += sign * each;
    sum += sign * each * value;
  };
  const times = points.map(({ at }) => Date.parse(at));
  return points.map((point, index) => {
    add(point, 1);
    const beginMs = (times[index] ?? 0) - windowSeconds * 1000;
    for (; (times[first] ?? beginMs + 1) <= beginMs; first++) add(points[first] ?? point, -1);
    return { ...point, [field]: weight > 1e-9 ? Math.max(0, sum / weight) : null };
  });
}

export function windowedView(view: MetricsView, field: Metric, windowSeconds: number): MetricsView {
  const providers = Object.entries(view.providers).map(([provider, points]) => [
    provider,
    windowedPoints(points, field, windowSeconds),
  ]);
  return { ...view, providers: Object.fromEntries(providers) };
}
