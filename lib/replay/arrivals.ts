import { gridMs } from '@/lib/rule/buckets/history';
import { kinds, type Recording } from './recording';

/** Events in order of arrival, as far as they had arrived. */
export function arrivals(recording: Recording, untilMs: number): Int32Array {
  const { arrivedAt, kind, count } = recording;
  const order: number[] = [];
  for (let event = 0; event < count; event++)
    if ((arrivedAt[event] ?? 0) <= untilMs && kind[event] !== kinds.elsewhere) order.push(event);
  return Int32Array.from(order).sort((a, b) => (arrivedAt[a] ?? 0) - (arrivedAt[b] ?? 0) || a - b);
}

/** The oldest bucket and the latest arrival, on the grid. */
export function extremes(recording: Recording, order: Int32Array): number[] {
  const oldest = order.reduce(
    (least, event) => Math.min(least, recording.bucket[event] ?? 0),
    Number.POSITIVE_INFINITY,
  );
  const latest = order.at(-1);
  return latest === undefined ? [] : [oldest, (recording.arrivedAt[latest] ?? 0) / gridMs];
}
