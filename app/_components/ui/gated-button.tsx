'use client';

import { Tooltip } from 'radix-ui';
import { useId, useState } from 'react';
import { Button, type ButtonProps } from './button';

/** A button that says why it is off: on hover, on focus, on a tap, and to a screen reader. */
export function GatedButton({ why, onClick, ...rest }: ButtonProps & { readonly why: string | null }) {
  const id = useId();
  const [open, setOpen] = useState(false);
  if (why === null) return <Button {...rest} onClick={onClick} />;
  return (
    <Tooltip.Root open={open} onOpenChange={setOpen}>
      <Tooltip.Trigger asChild>
        <Button
          {...rest}
          aria-disabled
          aria-describedby={id}
          onClick={(event) => {
            event.preventDefault();
            setOpen(true);
          }}
        />
      </Tooltip.Trigger>
      <span id={id} className="sr-only">
        {why}
      </span>
      <Tooltip.Portal>
        <Tooltip.Content
          sideOffset={6}
          collisionPadding={8}
          className="z-50 max-w-72 rounded-control bg-text px-2.5 py-1.5 text-bg text-xs shadow-float"
        >
          {why}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
