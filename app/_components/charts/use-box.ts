'use client';

import { type RefObject, useEffect, useRef, useState } from 'react';
import type { Size } from './plot';

interface Box {
  /** On the screen, or almost; until it is known, it is. */
  readonly isSeen: boolean;
  /** null until it is measured. */
  readonly size: Size | null;
}

/** How large a box is, and whether anybody sees it. */
export function useBox<T extends Element>(): readonly [RefObject<T | null>, Box] {
  const ref = useRef<T>(null);
  const [isSeen, setSeen] = useState(true);
  const [size, setSize] = useState<Size | null>(null);
  useEffect(() => {
    if (ref.current === null) return;
    const seen = new IntersectionObserver(([entry]) => setSeen(entry?.isIntersecting ?? true), { rootMargin: '80px' });
    const measured = new ResizeObserver(([entry]) => {
      const { width = 0, height = 0 } = entry?.contentRect ?? {};
      setSize((known) => (known?.width === width && known.height === height ? known : { width, height }));
    });
    seen.observe(ref.current);
    measured.observe(ref.current);
    return () => {
      seen.disconnect();
      measured.disconnect();
    };
  }, []);
  return [ref, { isSeen, size }];
}
