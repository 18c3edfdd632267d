'use client';

import { useTranslations } from 'next-intl';
import { parseDuration } from '@/lib/kernel/duration';
import { inputLook } from '../../ui/reason-field';

interface DurationFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What an empty field says; without it a duration is wanted. */
  readonly empty?: string;
  readonly invalid?: boolean;
  readonly describedBy?: string | undefined;
}

export function DurationField({ label, value, onChange, empty, invalid = false, describedBy }: DurationFieldProps) {
  const t = useTranslations('policy');
  const unread = parseDuration(value) === null && (empty === undefined || value !== '');
  return (
    <input
      aria-label={label}
      aria-invalid={unread || invalid || undefined}
      aria-describedby={describedBy}
      title={t('invalidDuration')}
      value={value}
      placeholder={empty}
      onChange={(event) => onChange(event.target.value.trim())}
      className={`${inputLook} w-20! text-right aria-invalid:border-breach`}
    />
  );
}
