'use client';

import { useTranslations } from 'next-intl';
import { useId } from 'react';
import { inputLook } from '../ui/reason-field';

interface TypedTargetProps {
  readonly target: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function TypedTarget({ target, value, onChange }: TypedTargetProps) {
  const t = useTranslations('advance');
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium text-sm">
        {t.rich('type', {
          target,
          code: (chunks) => <code className="rounded bg-sunken px-1.5 py-0.5 font-mono">{chunks}</code>,
        })}
      </label>
      <input
        id={id}
        data-first
        value={value}
        onChange={(event) => onChange(event.target.value)}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        placeholder={target}
        className={`${inputLook} font-mono`}
      />
    </div>
  );
}
