'use client';

interface LimitLabelProps {
  readonly text: string;
  /** Given by recharts. */
  readonly viewBox?: { readonly x?: number; readonly y?: number };
}

const headPx = 44;

/** Above the red line, or below it where the markers' names stand; with a halo, for lines run through it. */
export function LimitLabel({ text, viewBox }: LimitLabelProps) {
  const y = viewBox?.y ?? 0;
  return (
    <text
      x={(viewBox?.x ?? 0) + 4}
      y={y < headPx ? y + 13 : y - 5}
      fontSize={11}
      fill="var(--breach)"
      stroke="var(--surface)"
      strokeWidth={4}
      strokeLinejoin="round"
      paintOrder="stroke"
    >
      {text}
    </text>
  );
}
