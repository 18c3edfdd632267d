import type { SplitItem } from '@/lib/api/splits-view';

const width = 120;
const height = 32;

interface ShareSparkProps {
  readonly shares: SplitItem['shares'];
  readonly nowMs: number;
  /** Nothing goes to a candidate any more. */
  readonly isPast: boolean;
}

/** The candidates' share over the rollout, in steps up to now; what a word beside it says is not said again. */
export function ShareSpark({ shares, nowMs, isPast }: ShareSparkProps) {
  const [first] = shares;
  if (first === undefined || shares.every(({ share }) => share === 0)) return null;
  const fromMs = Date.parse(first.at);
  const lengthMs = Math.max(60_000, nowMs - fromMs);
  const x = (at: string) => Math.round(Math.min(1, (Date.parse(at) - fromMs) / lengthMs) * width * 10) / 10;
  const steps = shares.map(({ at, share }, index) => {
    const next = shares[index + 1];
    const y = Math.round(height * (1 - share) * 10) / 10;
    return `L${x(at)},${y}L${next ? x(next.at) : width},${y}`;
  });
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      className="h-8 w-30 shrink-0 rounded bg-sunken max-md:order-last"
    >
      <path
        d={`M0,${height}${steps.join('')}L${width},${height}Z`}
        fill={isPast ? 'var(--line-strong)' : 'var(--series-candidate)'}
        fillOpacity={0.8}
      />
    </svg>
  );
}
