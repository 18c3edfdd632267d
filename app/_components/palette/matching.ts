export interface Choice {
  readonly text: string;
  /** Found by this as well. */
  readonly also?: string;
}

/** Those that have every word that was written, where one begins with it before where it stands inside. */
export function matching<T extends Choice>(choices: readonly T[], written: string): readonly T[] {
  const words = written.toLowerCase().split(/\s+/).filter(Boolean);
  const places = (choice: T) => {
    const text = `${choice.text} ${choice.also ?? ''}`.toLowerCase();
    return words.map((word) =>
      text.startsWith(word) ? 0 : text.includes(` ${word}`) ? 1 : text.includes(word) ? 2 : 3,
    );
  };
  return choices
    .map((choice) => ({ choice, worst: Math.max(0, ...places(choice)) }))
    .filter(({ worst }) => worst < 3)
    .sort((a, b) => a.worst - b.worst)
    .map(({ choice }) => choice);
}
