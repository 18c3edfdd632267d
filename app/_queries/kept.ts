'use client';

import { useEffect, useState } from 'react';
import { noteText, readNote } from './kept-note';
import { useMyName } from './snapshot';
import { useSplitPlace } from './split';

const prefix = 'sluice.typed:';

interface Kept<T> {
  readonly value: T;
  readonly set: (value: T) => void;
  /** It is of before the page was loaded anew, and nobody has changed it since. */
  readonly isOld: boolean;
  /** Something was found, maybe only once it was known who is signed in: fields that keep their own text read it anew. */
  readonly isFound: boolean;
}

/**
 * What is written into a form, kept by this tab over a load of the page anew or a crash, for its split and its form alone,
 * and for who wrote it. What equals `empty` is not kept, and what does not `fit` is neither kept nor found. Never for keys
 * and passwords.
 */
export function useKept<T>(form: string, empty: T, fits: (value: T) => boolean = () => true): Kept<T> {
  const key = useKey(form);
  const me = useMyName();
  const [readFor, setReadFor] = useState<string>();
  const [old, setOld] = useState<Found<T> | null>(null);
  const [value, set] = useState(empty);
  const text = JSON.stringify(value);
  const isEmpty = text === JSON.stringify(empty);
  const isKept = !isEmpty && fits(value);
  const isOld = old !== null && text === JSON.stringify(old.value);
  if (me !== undefined && me !== readFor) {
    setReadFor(me);
    const found = isEmpty ? keptAt(key, me, fits) : null;
    if (found !== null) {
      setOld(found);
      set(found.value);
    }
  }
  const writtenAt = isOld ? old.at : null;
  useEffect(() => {
    if (me === undefined) return;
    if (isEmpty) keep(key, null);
    else if (isKept) keep(key, noteText({ at: writtenAt ?? Date.now(), by: me, text }));
  }, [key, me, text, isEmpty, isKept, writtenAt]);
  return { value, set, isOld, isFound: old !== null };
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

interface Found<T> {
  readonly at: number;
  readonly value: T;
}

function keptAt<T>(key: string, me: string, fits: (value: T) => boolean): Found<T> | null {
  try {
    const note = readNote(storage()?.getItem(key) ?? null, me, Date.now());
    if (note === null) return null;
    const value = JSON.parse(note.text) as T;
    return fits(value) ? { at: note.at, value } : null;
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
