import type { RedLineView } from '@/lib/api/snapshot';
import type { Tone } from '../state/condition';
import { gaugeOf } from '../state/headroom';

/** A needle's view of the tile's numbers, which stand beside it in words. */
export function Gauge({ line, tone }: { readonly line: RedLineView; readonly tone: Tone }) {
  const { value, limit, baseline } = gaugeOf(line.value, line.limit, line.baseline_value);
  const fill = { well: 'bg-accent', breach: 'bg-breach', caution: 'bg-line-strong', unknown: 'bg-line-strong' };
  return (
    <div aria-hidden="true" className="relative my-2 h-2 rounded-full bg-line">
      {value !== null && (
        <div className={`h-full rounded-full ${fill[tone]}`} style={{ width: `max(4px, ${value * 100}%)` }} />
      )}
      {baseline !== null && (
        <div
          className="-top-0.5 absolute h-3 w-0.5 bg-text ring-1 ring-surface"
          style={{ left: `calc(${baseline * 100}% - 1px)` }}
        />
      )}
      {limit !== null && (
        <div className="-top-1 absolute h-4 w-0.5 bg-breach ring-1 ring-surface" style={{ left: `${limit * 100}%` }} />
      )}
    </div>
  );
}
