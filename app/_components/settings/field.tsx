import { cloneElement, type ReactElement, useId } from 'react';

interface FieldProps {
  readonly label: string;
  readonly children: ReactElement<{ id?: string }>;
}

/** A name above its control. */
export function Field({ label, children }: FieldProps) {
  const id = useId();
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="text-muted text-xs">
        {label}
      </label>
      {cloneElement(children, { id })}
    </div>
  );
}
