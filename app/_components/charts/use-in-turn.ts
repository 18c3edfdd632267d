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
 * What a chart is to show, once it is its turn: each is drawn in a task of its own, so that no hand waits for all of
 * them, and one that is not on the screen waits until it is.
 */
export function useInTurn<T>(value: T, isSeen: boolean): T {
  const [shown, setShown] = useState(value);
  useEffect(() => {
    if (!isSeen || Object.is(shown, value)) return;
    const draw = () => flushSync(() => setShown(value));
    waiting.add(draw);
    begin();
    return () => {
      waiting.delete(draw);
    };
  }, [value, shown, isSeen]);
  return shown;
}
