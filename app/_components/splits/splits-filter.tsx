'use client';

import { useTranslations } from 'next-intl';
import { classes } from '../ui/classes';
import { inputLook } from '../ui/reason-field';
import { splitGroups } from './split-next';

export type Shown = 'all' | (typeof splitGroups)[number];

interface SplitsFilterProps {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly shown: Shown;
  readonly onShown: (shown: Shown) => void;
  /** Of each split that the text finds. */
  readonly groups: readonly Shown[];
}

/** Which of many, by their names and by whether they need an operator. */
export function SplitsFilter({ text, onText, shown, onShown, groups }: SplitsFilterProps) {
  const t = useTranslations('splits');
  const count = (group: Shown) => (group === 'all' ? groups.length : groups.filter((each) => each === group).length);
  return (
    <div className="mb-2 flex flex-wrap items-center gap-x-4 gap-y-2">
      <input
        type="search"
        value={text}
        onChange={(event) => onText(event.target.value)}
        aria-label={t('search')}
        placeholder={t('search')}
        className={classes(inputLook, 'sm:max-w-60')}
      />
      <fieldset className="flex flex-wrap gap-1">
        <legend className="sr-only">{t('filter')}</legend>
        {(['all', ...splitGroups] as const).map((group) => (
          <button
            key={group}
            type="button"
            aria-pressed={shown === group}
            onClick={() => onShown(group)}
            className={classes(
              'min-h-8 rounded-control border px-2.5 text-sm',
              shown === group ? 'border-line-strong bg-selected font-medium' : 'text-muted hover:bg-sunken',
            )}
          >
            {t(`group.${group}`)} <span className="text-xs">{count(group)}</span>
          </button>
        ))}
      </fieldset>
    </div>
  );
}
