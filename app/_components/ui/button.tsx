import type { ComponentProps } from 'react';
import { classes } from './classes';

type ButtonLook = 'solid' | 'quiet' | 'shut' | 'plain' | 'danger' | 'danger-solid';

const looks: Record<ButtonLook, string> = {
  solid: 'bg-accent text-on-accent border-accent hover:bg-accent-strong',
  quiet: 'bg-surface text-text border-line-strong hover:bg-sunken',
  // Something is in the way, and it can be asked what.
  shut: 'bg-sunken text-muted border-line-strong border-dashed hover:text-text',
  plain: 'bg-transparent text-text border-transparent hover:bg-sunken',
  danger: 'bg-surface text-breach border-breach hover:bg-breach-soft',
  'danger-solid': 'bg-breach text-on-breach border-breach hover:bg-breach-strong',
};

const off = 'bg-sunken text-muted border-line hover:bg-sunken';

export interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: ButtonLook;
}

export function Button({ look = 'quiet', className, ...rest }: ButtonProps) {
  const disabled = rest.disabled || rest['aria-disabled'] === true;
  return (
    <button
      type="button"
      {...rest}
      className={classes(
        'inline-flex min-h-8 items-center justify-center gap-1.5 rounded-control border px-3 py-1 font-medium text-sm whitespace-nowrap',
        disabled ? off : looks[look],
        className,
      )}
    />
  );
}
