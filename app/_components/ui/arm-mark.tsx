'use client';

import { useSnapshot } from '@/app/_queries/snapshot';
import { armColour, armOrder } from '../state/arm-colour';
import { areSeveral } from '../state/candidates';

/** The colour that an arm has on charts, beside its name; nothing where one candidate leaves no doubt. */
export function ArmMark({ arm }: { readonly arm: string }) {
  const snapshot = useSnapshot();
  if (!snapshot || !areSeveral(snapshot)) return null;
  return (
    <span
      aria-hidden="true"
      className="mr-1.5 inline-block size-2.5 shrink-0 rounded-full forced-color-adjust-none"
      style={{ background: armColour(armOrder(snapshot), arm) }}
    />
  );
}
