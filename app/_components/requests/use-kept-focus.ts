'use client';

import { type RefObject, useEffect, useRef } from 'react';

/** Where the focus goes when the button that was pressed is gone: else it would fall to the top of the page. */
export function useKeptFocus(to: RefObject<HTMLElement | null>): (pressed: HTMLElement) => void {
  const button = useRef<HTMLElement | null>(null);
  useEffect(() => {
    if (button.current === null || button.current.isConnected) return;
    button.current = null;
    if (document.activeElement === document.body) to.current?.focus({ preventScroll: true });
  });
  return (pressed) => {
    button.current = pressed;
  };
}
