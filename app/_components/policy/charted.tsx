import type { ReactNode } from 'react';

interface ChartedProps {
  readonly value: number | null;
  /** Of all that stand in the column. */
  readonly among: readonly (number | null)[];
  readonly children: ReactNode;
}

/** A figure over its bar; by the logarithm, for a minute and a day stand in one column. */
export function Charted({ value, among, children }: ChartedProps) {
  const most = Math.log1p(Math.max(0, ...among.map((each) => each ?? 0)));
  const share = most === 0 ? 0 : Math.log1p(value ?? 0) / most;
  return (
    <>
      {children}
      <span
        aria-hidden="true"
        className="mt-0.5 block h-1 rounded-full bg-accent md:ml-auto"
        style={{ width: `${share * 100}%` }}
      />
    </>
  );
}
