'use client';

import { useState } from 'react';
import { inputLook } from '../../ui/reason-field';

interface NumberFieldProps {
  readonly label: string;
  readonly value: number | null;
  /** NaN while the text is no number; null when it is empty and may be. */
  readonly onChange: (value: number | null) => void;
  readonly mayBeEmpty?: boolean;
  readonly unit?: string;
  readonly invalid?: boolean;
  readonly describedBy?: string | undefined;
}

/** Keeps the text as it is typed: "1." is on its way to 1.2. */
export function NumberField({ label, value, onChange, mayBeEmpty = false, unit, ...rest }: NumberFieldProps) {
  const [text, setText] = useState(value === null ? '' : String(value));
  const read = (typed: string) => (typed.trim() === '' ? (mayBeEmpty ? null : Number.NaN) : Number(typed));
  const invalid = Number.isNaN(read(text)) || rest.invalid;
  return (
    <span className="flex items-center gap-1.5">
      <input
        aria-label={label}
        aria-invalid={invalid || undefined}
        aria-describedby={rest.describedBy}
        inputMode="decimal"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          onChange(read(event.target.value));
        }}
        className={`${inputLook} w-20! px-1.5! text-right aria-invalid:border-breach`}
      />
      {unit && <span className="text-muted text-xs whitespace-nowrap">{unit}</span>}
    </span>
  );
}
