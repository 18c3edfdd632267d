'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useRef } from 'react';
import { usePages } from '../shell/use-pages';
import { commandKeys, press } from './commands';

interface KeysOptions {
  readonly onPalette: () => void;
  readonly onHelp: () => void;
}

/** A `g` waits so long for the letter of a page. */
const chordMs = 1_000;

/** Keys of the whole dashboard. In a field or an open dialog they mean something else. */
export function useKeys({ onPalette, onHelp }: KeysOptions): void {
  const router = useRouter();
  const { pages } = usePages();
  // Outlives the effect, which begins again whenever the pages are drawn.
  const wentAtMs = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isBusy(event.target)) return;
      const key = event.key.toLowerCase();
      const isChord = event.metaKey || event.ctrlKey;
      if (isChord && key === 'k' && !event.altKey && !event.shiftKey) {
        event.preventDefault();
        return onPalette();
      }
      if (isChord || event.altKey) return;
      const page = event.timeStamp - wentAtMs.current < chordMs ? pages.find((each) => each.key === key) : undefined;
      wentAtMs.current = key === 'g' ? event.timeStamp : Number.NEGATIVE_INFINITY;
      if (page) router.push(page.href);
      else if (event.key === '?') onHelp();
      else if (!commandKeys.some((each) => each === event.key) || !press(event.key)) return;
      event.preventDefault();
    };
    window.addEventListener('keydown', hear);
    return () => window.removeEventListener('keydown', hear);
  }, [pages, router, onPalette, onHelp]);
}

function isBusy(target: EventTarget | null): boolean {
  if (document.querySelector('[role="dialog"]') !== null) return true;
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable="true"]') !== null;
}
