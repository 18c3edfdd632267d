'use client';

import { useTranslations } from 'next-intl';
import { parseDuration } from '@/lib/kernel/duration';
import { inputLook } from '../ui/reason-field';

interface DurationFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function DurationField({ label, value, onChange }: DurationFieldProps) {
  const t = useTranslations('policy');
  const invalid = parseDuration(value) === null;
  return (
    <input
      aria-label={label}
      aria-invalid={invalid || undefined}
      title={t('invalidDuration')}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className={`${inputLook} w-16! text-right aria-invalid:border-breach`}
    />
  );
}
