'use client';

import { useEffect, useState } from 'react';
import { useSplitPlace } from './split';

const prefix = 'sluice.typed:';

interface Kept<T> {
  readonly value: T;
  readonly set: (value: T) => void;
  /** It is of before the page was loaded anew, and nobody has changed it since. */
  readonly isOld: boolean;
}

/**
 * What is written into a form, kept by this tab over a load of the page anew or a crash, for its split and its form alone.
 * What equals `empty` is not kept, and what does not `fit` is neither kept nor found. Never for keys and passwords.
 */
export function useKept<T>(form: string, empty: T, fits: (value: T) => boolean = () => true): Kept<T> {
  const key = useKey(form);
  const [old] = useState(() => keptAt(key, fits));
  const [value, set] = useState(old ?? empty);
  const text = JSON.stringify(value);
  const isEmpty = text === JSON.stringify(empty);
  const isKept = !isEmpty && fits(value);
  useEffect(() => {
    if (isEmpty) keep(key, null);
    else if (isKept) keep(key, text);
  }, [key, text, isEmpty, isKept]);
  return { value, set, isOld: old !== null && text === JSON.stringify(old) };
}

/** The reason that a dialog asks for: it is forgotten as the dialog closes, sent or cancelled. */
export function useKeptReason(form: string): Kept<string> {
  const key = useKey(form);
  useEffect(() => () => keep(key, null), [key]);
  return useKept(form, '');
}

function useKey(form: string): string {
  const { slug } = useSplitPlace();
  return `${prefix}${slug ?? ''}:${form}`;
}

/** For who comes next to this tab, and for a page that cannot show what it finds. */
export function forgetKept(): void {
  const store = storage();
  if (store === null) return;
  for (const key of Object.keys(store)) if (key.startsWith(prefix)) store.removeItem(key);
}

function keep(key: string, text: string | null): void {
  try {
    if (text === null) storage()?.removeItem(key);
    else storage()?.setItem(key, text);
  } catch {
    // Full: it stands in the form all the same.
  }
}

function keptAt<T>(key: string, fits: (value: T) => boolean): T | null {
  try {
    const value = JSON.parse(storage()?.getItem(key) ?? 'null') as T | null;
    return value !== null && fits(value) ? value : null;
  } catch {
    return null;
  }
}

/** null on the server, and where the browser forbids it. */
function storage(): Storage | null {
  try {
    return typeof window === 'undefined' ? null : window.sessionStorage;
  } catch {
    return null;
  }
}
