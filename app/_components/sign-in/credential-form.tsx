import type { InputHTMLAttributes, ReactNode } from 'react';
import { Button } from '../ui/button';
import { inputLook } from '../ui/reason-field';
import { asTyped } from './as-typed';

interface CredentialFormProps {
  readonly title: string;
  readonly submit: string;
  readonly disabled: boolean;
  readonly onSubmit: () => void;
  readonly children: ReactNode;
  /** Another way in, by what was typed already. */
  readonly below?: ReactNode;
}

/** A way to sign in that most do not need, folded away. */
export function CredentialForm({ title, submit, disabled, onSubmit, children, below }: CredentialFormProps) {
  return (
    <details className="rounded-panel border bg-surface px-5 py-3">
      <summary className="min-h-7 text-sm">{title}</summary>
      <form
        className="mt-2 grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        {children}
        <Button type="submit" disabled={disabled} className="min-h-10">
          {submit}
        </Button>
        {below}
      </form>
    </details>
  );
}

interface CredentialProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'value'> {
  readonly label: string;
  readonly value: string;
  readonly onText: (text: string) => void;
}

export function Credential({ label, value, onText, className = '', ...input }: CredentialProps) {
  return (
    <label className="grid gap-1 font-medium text-sm">
      {label}
      <input
        {...input}
        value={value}
        ref={asTyped(value, onText)}
        onChange={(event) => onText(event.target.value)}
        className={`${inputLook} min-h-10 ${className}`}
      />
    </label>
  );
}
