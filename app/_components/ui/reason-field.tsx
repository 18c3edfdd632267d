'use client';

import { useTranslations } from 'next-intl';
import { useId } from 'react';

interface ReasonFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly required: boolean;
  readonly label?: string;
  /** The hand goes here first when the dialog opens. */
  readonly first?: boolean;
  /** It was written before the page was loaded anew. */
  readonly isOld?: boolean;
  /** Where it can be read later; left out: in the journal. */
  readonly keptBy?: 'journal' | 'log';
}

export const inputLook =
  'w-full rounded-control border border-line-strong bg-surface px-2.5 py-1.5 text-base text-text placeholder:text-muted';

/** Why, for the journal. */
export function ReasonField({
  value,
  onChange,
  required,
  label,
  first = false,
  isOld = false,
  keptBy = 'journal',
}: ReasonFieldProps) {
  const t = useTranslations('ui');
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium text-sm">
        {label ?? t('reason')}{' '}
        <span className="font-normal text-muted">
          {required ? t('required') : t(keptBy === 'log' ? 'optionalInLog' : 'optional')}
        </span>
      </label>
      <textarea
        id={id}
        data-first={first || undefined}
        rows={2}
        maxLength={500}
        required={required}
        value={value}
        // A reason is one line wherever it is read.
        onChange={(event) => onChange(event.target.value.replace(/[\r\n\t]+/g, ' '))}
        aria-describedby={isOld ? `${id}-old` : undefined}
        className={inputLook}
      />
      {isOld && (
        <p id={`${id}-old`} className="text-muted text-xs">
          {t('kept')}
        </p>
      )}
    </div>
  );
}
