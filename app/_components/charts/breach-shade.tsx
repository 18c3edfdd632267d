'use client';

interface BreachShadeProps {
  /** Of the arm that was over its line; null where only one can be. */
  readonly colour: string | null;
  /** Each arm has its own, so that spans at the same time are told apart. */
  readonly row: number;
  /** Given by recharts. */
  readonly x?: number;
  readonly y?: number;
  readonly width?: number;
  readonly height?: number;
}

const stripePx = 4;

/** Red for the breach, and at its foot a stripe in the colour of whose it was. */
export function BreachShade({ colour, row, x = 0, y = 0, width = 0, height = 0 }: BreachShadeProps) {
  return (
    <g>
      <rect x={x} y={y} width={width} height={height} fill="var(--breach)" fillOpacity={0.14} />
      {colour !== null && (
        <rect
          x={x}
          y={y + height - (row + 1) * (stripePx + 1)}
          width={Math.max(width, 2)}
          height={stripePx}
          fill={colour}
        />
      )}
    </g>
  );
}
