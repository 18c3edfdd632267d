import type { ComponentProps } from 'react';
import { inputLook } from '../ui/reason-field';

interface ChoiceProps<T extends string | number> extends Omit<ComponentProps<'select'>, 'value' | 'onChange'> {
  readonly value: T;
  readonly options: readonly T[];
  /** Left out: each is its own word. */
  readonly word?: (option: T) => string;
  readonly onChange: (option: T) => void;
}

/** One of several, in words. */
export function Choice<T extends string | number>(props: ChoiceProps<T>) {
  const { value, options, word = String, onChange, className = 'min-h-9', ...rest } = props;
  return (
    <select
      {...rest}
      value={value}
      onChange={({ target }) => onChange(options[target.selectedIndex] ?? value)}
      className={`${inputLook} ${className}`}
    >
      {options.map((option) => (
        <option key={option} value={option}>
          {word(option)}
        </option>
      ))}
    </select>
  );
}
