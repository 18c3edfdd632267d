'use client';

import { useTranslations } from 'next-intl';
import { Icon } from '../../ui/icon';
import { type Rows, toolId } from './use-rows';

interface RowToolsProps {
  readonly of: Pick<Rows<unknown>, 'rows' | 'move' | 'remove'>;
  readonly at: number;
  /** What the row is called, for those who listen. */
  readonly name: string;
}

const icons = { up: 'up', down: 'down', remove: 'close' } as const;

/** Up, down and away. What cannot be done is said rather than hidden, so that the focus has where to stay. */
export function RowTools({ of, at, name }: RowToolsProps) {
  const t = useTranslations('policy.row');
  const id = of.rows[at]?.id ?? '';
  const last = of.rows.length - 1;
  const tools = [
    ['up', at > 0, () => of.move(at, -1)],
    ['down', at < last, () => of.move(at, 1)],
    ['remove', last > 0, () => of.remove(at)],
  ] as const;
  return (
    <span className="flex">
      {tools.map(([tool, can, act]) => (
        <button
          key={tool}
          id={toolId(id, tool)}
          type="button"
          aria-label={t(tool, { name })}
          title={t(tool, { name })}
          aria-disabled={!can || undefined}
          onClick={() => can && act()}
          className="grid size-7 place-items-center rounded-control text-muted hover:bg-sunken hover:text-text aria-disabled:opacity-35"
        >
          <Icon name={icons[tool]} />
        </button>
      ))}
    </span>
  );
}
