'use client';

import { useTranslations } from 'next-intl';
import { Choice } from '../settings/choice';
import { Field } from '../settings/field';

interface KeyValidityProps {
  /** 0: it does not expire. */
  readonly days: number;
  readonly onChange: (days: number) => void;
}

/** How long a key is to work. */
export function KeyValidity({ days, onChange }: KeyValidityProps) {
  const t = useTranslations('callers');
  return (
    <Field label={t('valid')}>
      <Choice
        value={days}
        options={[0, 7, 30, 90, 365]}
        word={(option) => (option === 0 ? t('noEnd') : t('days', { count: option }))}
        onChange={onChange}
      />
    </Field>
  );
}

export const validDays = (days: number) => (days === 0 ? {} : { valid_days: days });
