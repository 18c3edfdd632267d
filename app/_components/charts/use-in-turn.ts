'use client';

import { useEffect, useState } from 'react';
import { flushSync } from 'react-dom';

const waiting = new Set<() => void>();
let isGoing = false;

function begin(): void {
  if (isGoing) return;
  isGoing = true;
  setTimeout(goOn, 0);
}

function goOn(): void {
  isGoing = false;
  const [first] = waiting;
  if (first === undefined) return;
  waiting.delete(first);
  begin();
  first();
}

/**
 * What a chart is to show, made once it is its turn; null before. Each is made and drawn in a task of its own, so that
 * no hand waits for all of them, and what is new waits where nobody sees it.
 */
export function useInTurn<T>(make: (() => T) | null, isSeen: boolean): T | null {
  const [shown, setShown] = useState<{ readonly make: () => T; readonly made: T } | null>(null);
  useEffect(() => {
    if (make === null || shown?.make === make || (!isSeen && shown !== null)) return;
    const draw = () => {
      const made = make();
      flushSync(() => setShown({ make, made }));
    };
    waiting.add(draw);
    begin();
    return () => {
      waiting.delete(draw);
    };
  }, [make, shown, isSeen]);
  return shown === null ? null : shown.made;
}
