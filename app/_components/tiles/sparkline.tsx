'use client';

import { useTranslations } from 'next-intl';
import { useSnapshot } from '@/app/_queries/snapshot';
import type { RedLineView } from '@/lib/api/snapshot';
import { armColour, armOrder } from '../state/arm-colour';
import { sparkHeight, sparkShape, sparkWidth } from './spark-shape';

interface SparklineProps {
  readonly line: RedLineView;
  /** Nothing is added to it any more: it ends with no point that looks like now. */
  readonly isPast: boolean;
}

/** The last hour of a line as its ticks judged it: both arms, the line, and when it was over. */
export function Sparkline({ line, isPast }: SparklineProps) {
  const t = useTranslations('tile');
  const snapshot = useSnapshot();
  const shape = sparkShape(line);
  if (shape === null || !snapshot) {
    return (
      <p className="grid h-16 place-items-center rounded bg-sunken px-2 text-center text-2xs text-muted">
        {t('noTrend')}
      </p>
    );
  }
  const still = { fill: 'none', vectorEffect: 'non-scaling-stroke', strokeLinejoin: 'round' } as const;
  const { candidate, baseline, limitY, over, last } = shape;
  const colour = armColour(armOrder(snapshot), line.arm);
  return (
    <div className="relative h-16 overflow-hidden rounded bg-sunken">
      <svg
        viewBox={`0 0 ${sparkWidth} ${sparkHeight}`}
        preserveAspectRatio="none"
        aria-hidden="true"
        className="absolute inset-0 size-full"
      >
        {over.map(({ x, width }) => (
          <rect
            key={x}
            x={x}
            width={Math.max(width, 2)}
            y={0}
            height={sparkHeight}
            fill="var(--breach)"
            fillOpacity={0.2}
          />
        ))}
        {limitY !== null && (
          <path d={`M0,${limitY}H${sparkWidth}`} stroke="var(--breach)" strokeDasharray="4 3" {...still} />
        )}
        <path d={baseline} stroke="var(--series-baseline)" strokeWidth={1.5} {...still} />
        <path d={candidate} stroke={colour} strokeWidth={2} strokeOpacity={isPast ? 0.5 : 1} {...still} />
      </svg>
      {last && !isPast && (
        <span
          aria-hidden="true"
          className="absolute -mt-1 -ml-1 size-2 rounded-full ring-2 ring-sunken"
          style={{
            left: `min(${(last.x / sparkWidth) * 100}%, calc(100% - 5px))`,
            top: `${(last.y / sparkHeight) * 100}%`,
            background: colour,
          }}
        />
      )}
    </div>
  );
}
