'use client';

import { useEffect, useId, useRef, useState } from 'react';

export interface Rows<T> {
  readonly rows: readonly { readonly id: string; readonly item: T }[];
  readonly replace: (at: number, item: T) => void;
  readonly insert: (at: number, item: T) => void;
  readonly remove: (at: number) => void;
  readonly move: (at: number, by: 1 | -1) => void;
  /** Where the focus goes when a row is gone. */
  readonly addId: string;
}

/** A list that people rearrange: each row keeps its name, whatever it says and wherever it goes, and so its focus. */
export function useRows<T>(items: readonly T[], onChange: (items: readonly T[]) => void): Rows<T> {
  const base = useId();
  const made = useRef(items.length);
  const wanted = useRef<string | null>(null);
  const [ids, setIds] = useState(() => items.map((_, i) => `${base}-${i}`));
  useEffect(() => {
    if (wanted.current === null) return;
    document.getElementById(wanted.current)?.focus();
    wanted.current = null;
  });
  const addId = `${base}-add`;
  const write = (nextIds: readonly string[], nextItems: readonly T[], focus: string) => {
    wanted.current = focus;
    setIds([...nextIds]);
    onChange(nextItems);
  };
  return {
    rows: items.map((item, i) => ({ id: ids[i] ?? `${base}-${i}`, item })),
    replace: (at, item) => onChange(items.map((each, i) => (i === at ? item : each))),
    insert: (at, item) => {
      const id = `${base}-${made.current++}`;
      write(ids.toSpliced(at, 0, id), items.toSpliced(at, 0, item), firstFieldOf(id));
    },
    remove: (at) => write(ids.toSpliced(at, 1), items.toSpliced(at, 1), addId),
    move: (at, by) => {
      const to = at + by;
      if (to < 0 || to >= items.length) return;
      const moved = <E>(list: readonly E[]) => list.toSpliced(at, 1).toSpliced(to, 0, list[at] as E);
      write(moved(ids), moved(items), toolId(ids[at] ?? '', by === 1 ? 'down' : 'up'));
    },
    addId,
  };
}

export const firstFieldOf = (id: string): string => `${id}-first`;
export const toolId = (id: string, tool: 'up' | 'down' | 'remove'): string => `${id}-${tool}`;
