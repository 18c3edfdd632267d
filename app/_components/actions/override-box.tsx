'use client';

import { useTranslations } from 'next-intl';

interface OverrideBoxProps {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly allowed: boolean;
  /** What is done although gates are closed; left out, an advance. */
  readonly label?: string;
}

/** Going on although a gate is closed: a person's choice, journaled as one. */
export function OverrideBox({ checked, onChange, allowed, label }: OverrideBoxProps) {
  const t = useTranslations('advance');
  return (
    <label className="flex items-start gap-2.5 rounded-control border border-caution bg-caution-soft p-3 text-sm">
      <input
        type="checkbox"
        checked={checked}
        disabled={!allowed}
        onChange={(event) => onChange(event.target.checked)}
        className="mt-px size-7 shrink-0 accent-accent"
      />
      <span>
        <span className="font-semibold">{label ?? t('override')}</span>
        <span className="block text-muted">{allowed ? t('overrideHint') : t('overrideNotAllowed')}</span>
      </span>
    </label>
  );
}
