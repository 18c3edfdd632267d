'use client';

import type { ReactNode } from 'react';
import { Button } from '../ui/button';
import { inputLook } from '../ui/reason-field';

interface FilterFormProps {
  /** On a wide screen; on a phone there are two. */
  readonly columns: string;
  readonly apply: string;
  readonly clear: string;
  readonly onApply: () => void;
  readonly onClear: () => void;
  readonly children: ReactNode;
  /** What is asked for seldom, below all the others. */
  readonly more?: ReactNode;
}

export function FilterForm({ columns, apply, clear, onApply, onClear, children, more }: FilterFormProps) {
  return (
    <search>
      <form
        className={`grid grid-cols-2 items-end gap-2 rounded-panel border bg-surface p-3 ${columns}`}
        onSubmit={(event) => {
          event.preventDefault();
          onApply();
        }}
      >
        {children}
        <div className="col-span-2 flex gap-2 md:col-span-1">
          <Button type="submit" look="solid">
            {apply}
          </Button>
          <Button onClick={onClear}>{clear}</Button>
        </div>
        {more && <div className="col-span-full">{more}</div>}
      </form>
    </search>
  );
}

interface FilterFieldProps {
  readonly label: string;
  readonly className?: string;
  readonly children: ReactNode;
}

export function FilterField({ label, className = '', children }: FilterFieldProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: what stands in it is its control
    <label className={`flex min-w-0 flex-col gap-0.5 text-muted text-xs ${className}`}>
      {label}
      {children}
    </label>
  );
}

interface FilterSelectProps {
  readonly label: string;
  readonly all: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly name: string }[];
  readonly onChange: (value: string) => void;
}

export function FilterSelect({ label, all, value, options, onChange }: FilterSelectProps) {
  return (
    <FilterField label={label}>
      <select value={value} onChange={(event) => onChange(event.target.value)} className={inputLook}>
        <option value="">{all}</option>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.name}
          </option>
        ))}
        {/* An address may ask for what is not offered; then that is what is shown. */}
        {value !== '' && options.every((option) => option.value !== value) && <option value={value}>{value}</option>}
      </select>
    </FilterField>
  );
}
