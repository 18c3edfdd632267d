import type { ReactNode } from 'react';

interface StackedTableProps {
  readonly caption: string;
  readonly columns: readonly { readonly name: string; readonly isNumeric?: boolean }[];
  /** In a panel, which has its frame and its name. */
  readonly isFramed?: boolean;
  /** Rows. */
  readonly children: ReactNode;
}

/** A table on a wide screen; on a phone each row stands on its own. */
export function StackedTable({ caption, columns, isFramed = false, children }: StackedTableProps) {
  return (
    <div className={isFramed ? '-mx-3' : 'rounded-panel border bg-surface'}>
      <table className="w-full text-sm max-md:block">
        <caption className="sr-only">{caption}</caption>
        <thead className="max-md:sr-only">
          <tr className="border-b text-left text-muted text-xs [&>th]:px-3 [&>th]:py-1.5 [&>th]:font-normal">
            {columns.map(({ name, isNumeric = false }) => (
              <th key={name} scope="col" className={isNumeric ? 'text-right' : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="max-md:block">{children}</tbody>
      </table>
    </div>
  );
}
