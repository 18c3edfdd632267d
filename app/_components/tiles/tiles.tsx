'use client';

import type { Snapshot } from '@/lib/api/snapshot';
import { bySeverity } from './by-severity';
import { RedLineTile } from './red-line-tile';

/** Every line of every candidate, the worst first; on a phone two beside each other. */
export function Tiles({ snapshot }: { readonly snapshot: Snapshot }) {
  return (
    <div className="grid grid-cols-2 gap-2 sm:gap-3 lg:col-span-2 lg:row-start-2 lg:grid-cols-4">
      {bySeverity(snapshot).map((line) => (
        <RedLineTile key={`${line.arm} ${line.metric}`} line={line} snapshot={snapshot} />
      ))}
    </div>
  );
}
