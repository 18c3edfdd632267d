import type { ReactNode } from 'react';

/** A row of a `StackedTable`. */
export const stackedRow =
  'border-b align-top last:border-b-0 max-md:grid max-md:grid-cols-[auto_1fr] max-md:gap-x-3 max-md:gap-y-1 max-md:px-3 max-md:py-2.5 md:[&>td]:px-3 md:[&>td]:py-2';

interface StackedCellProps {
  readonly name: string;
  readonly numeric?: boolean;
  /** It says nothing: on a phone it takes no room. */
  readonly isEmpty?: boolean;
  readonly children: ReactNode;
}

/** With the column's name beside it where there are no columns. */
export function StackedCell({ name, numeric = false, isEmpty = false, children }: StackedCellProps) {
  return (
    <td className={`${isEmpty ? 'max-md:hidden' : 'max-md:contents'} ${numeric ? 'md:text-right' : ''}`}>
      <span className="text-muted text-xs leading-5 md:hidden">{name}</span>
      <span className="min-w-0">{children}</span>
    </td>
  );
}
