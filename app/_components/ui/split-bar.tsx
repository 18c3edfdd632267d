'use client';

import { useSnapshot } from '@/app/_queries/snapshot';
import { armColour, armOrder, byArm } from '../state/arm-colour';

interface SplitBarProps {
  readonly weights: Readonly<Record<string, number>>;
  readonly baseline: string;
}

/** The baseline in grey, each other arm in its colour; the words beside it carry the numbers. */
export function SplitBar({ weights, baseline }: SplitBarProps) {
  const snapshot = useSnapshot();
  const order = snapshot ? armOrder(snapshot) : [baseline];
  const arms = Object.keys(weights).toSorted(byArm(order));
  return (
    <div aria-hidden="true" className="flex h-2.5 gap-px overflow-hidden rounded-full bg-line forced-color-adjust-none">
      {arms.map((arm) => (
        <div key={arm} style={{ width: `${(weights[arm] ?? 0) * 100}%`, background: armColour(order, arm) }} />
      ))}
    </div>
  );
}
