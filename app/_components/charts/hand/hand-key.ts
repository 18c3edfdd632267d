type HandKey = { readonly step: number } | 'leave' | 'in' | 'out';

const steps: Readonly<Record<string, number>> = {
  ...{ ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 },
  ...{ PageDown: -10, PageUp: 10 },
  ...{ Home: Number.NEGATIVE_INFINITY, End: Number.POSITIVE_INFINITY },
};
const words: Readonly<Record<string, HandKey>> = { Escape: 'leave', '+': 'in', '-': 'out' };

interface Pressed {
  readonly key: string;
  readonly ctrlKey?: boolean;
  readonly metaKey?: boolean;
  readonly altKey?: boolean;
}

/** What a key asks of a chart; null where it is the browser's: its own zoom, and its way back. */
export function handKey({ key, ctrlKey, metaKey, altKey }: Pressed): HandKey | null {
  if (ctrlKey || metaKey || altKey) return null;
  const step = steps[key];
  return step === undefined ? (words[key] ?? null) : { step };
}
