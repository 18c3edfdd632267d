'use client';

import { Tooltip } from 'radix-ui';
import { useId, useState } from 'react';
import { Button, type ButtonProps } from './button';

/** A button that says why it is off: on hover, on focus, on a tap, and to a screen reader. */
export function GatedButton({ why, onClick, ...rest }: ButtonProps & { readonly why: string | null }) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const off = {
    // One why: what it would do is not the question while it is off.
    ...{ 'aria-disabled': true, 'aria-describedby': id, title: undefined },
    onClick: (event: { preventDefault(): void }) => {
      event.preventDefault();
      setOpen(true);
    },
  };
  return (
    // The same element while it is on and off: what has the focus keeps it.
    <Tooltip.Root open={open && why !== null} onOpenChange={setOpen}>
      <Tooltip.Trigger asChild>
        <Button {...rest} {...(why === null ? { onClick } : off)} />
      </Tooltip.Trigger>
      {why !== null && (
        <span id={id} className="sr-only">
          {why}
        </span>
      )}
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
