'use client';

import { type RefObject, useEffect, useRef, useState } from 'react';
import type { Size } from './plot';

/** How large a box is; null until it is measured. */
export function useSize<T extends Element>(): readonly [RefObject<T | null>, Size | null] {
  const ref = useRef<T>(null);
  const [size, setSize] = useState<Size | null>(null);
  useEffect(() => {
    if (ref.current === null) return;
    const measured = new ResizeObserver(([entry]) => {
      const { width = 0, height = 0 } = entry?.contentRect ?? {};
      setSize((known) => (known?.width === width && known.height === height ? known : { width, height }));
    });
    measured.observe(ref.current);
    return () => measured.disconnect();
  }, []);
  return [ref, size];
}

/** Whether any of it is on the screen, or almost; until it is known, it is. */
export function useSeen<T extends Element>(): readonly [RefObject<T | null>, boolean] {
  const ref = useRef<T>(null);
  const [isSeen, setSeen] = useState(true);
  useEffect(() => {
    if (ref.current === null) return;
    const seen = new IntersectionObserver((entries) => setSeen(isSeenNow(entries)), { rootMargin: '80px' });
    seen.observe(ref.current);
    return () => seen.disconnect();
  }, []);
  return [ref, isSeen];
}

/** A busy page is told of several crossings at once, the oldest first. */
export const isSeenNow = (crossings: readonly Pick<IntersectionObserverEntry, 'isIntersecting'>[]): boolean =>
  crossings.at(-1)?.isIntersecting ?? true;
