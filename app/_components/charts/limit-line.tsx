'use client';

import { useTranslations } from 'next-intl';
import type { Scales } from './plot';

interface LimitLineProps {
  readonly limit: number;
  readonly format: (value: number | null) => string;
  readonly scales: Scales;
}

const headPx = 44;

/** The red line. Its words stand above it, or below where the marks' names are; with a halo, for lines run through them. */
export function LimitLine({ limit, format, scales: { left, right, y } }: LimitLineProps) {
  const t = useTranslations('chart');
  const at = y(limit);
  return (
    <>
      <path d={`M${left},${at}H${right}`} stroke="var(--breach)" strokeWidth={1.5} strokeDasharray="6 4" />
      <text
        x={left + 4}
        y={at < headPx ? at + 13 : at - 5}
        fontSize={11}
        fill="var(--breach)"
        stroke="var(--surface)"
        strokeWidth={4}
        strokeLinejoin="round"
        paintOrder="stroke"
      >
        {t('limit', { limit: format(limit) })}
      </text>
    </>
  );
}
