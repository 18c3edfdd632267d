interface Note {
  /** When it was written. */
  readonly at: number;
  readonly by: string;
  /** What was written, as JSON. */
  readonly text: string;
}

/** Long enough to sign in again or to come back from a crash; what is asked later is of another moment. */
const mostAgeMs = 15 * 60_000;

export const noteText = (note: Note): string => JSON.stringify(note);

/** What was kept, for who wrote it and not for long; null: nothing for this person now. */
export function readNote(kept: string | null, by: string, nowMs: number): Note | null {
  const note = parsed(kept);
  if (typeof note?.at !== 'number' || typeof note.text !== 'string' || note.by !== by) return null;
  const age = nowMs - note.at;
  return age >= 0 && age <= mostAgeMs ? { at: note.at, by, text: note.text } : null;
}

function parsed(kept: string | null): Partial<Note> | null {
  try {
    return JSON.parse(kept ?? 'null') as Partial<Note> | null;
  } catch {
    return null;
  }
}
