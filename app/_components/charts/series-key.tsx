import type { ChartSeries } from './chart-rows';

/** The line as it is drawn, and its name. */
export function SeriesKey({ series }: { readonly series: ChartSeries }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <svg aria-hidden="true" width="18" height="8">
        <line x1="0" x2="18" y1="4" y2="4" stroke={series.colour} strokeWidth="2" strokeDasharray={series.dash} />
      </svg>
      {series.name ?? series.key}
    </span>
  );
}
