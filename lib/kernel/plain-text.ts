// What a terminal obeys instead of printing it (C0, DEL, C1), what begins a line that seems to be written by
// another, and what turns the direction of the text after it. sluice.hidden_text_fault knows the same.
const hidden = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/u;
const allHidden = new RegExp(hidden, 'gu');

/** Why a text that people will read cannot be taken; null when it says what it seems to say. */
export function hiddenTextFault(what: string, text: string): string | null {
  const found = hidden.exec(text);
  if (found === null) return null;
  const at = [...text.slice(0, found.index)].length + 1;
  return `${what} holds ${codePoint(found[0])} at character ${at}; control characters, line breaks and signs that turn the direction of text are not taken`;
}

/** A text as it can be shown in one line wherever it came from: what is hidden in it is written out. */
export function shownText(text: string): string {
  return text.replace(allHidden, escapeOf);
}

/** The same where lines and tabs are wanted: JSON for people, tables for spreadsheets. */
export function shownLines(text: string): string {
  return text.replace(allHidden, (sign) => (/[\t\n\r]/.test(sign) ? sign : escapeOf(sign)));
}

/** As JSON escapes, so that escaped JSON says the same. */
function escapeOf(sign: string): string {
  return `\\u${hex(sign)}`;
}

function codePoint(sign: string): string {
  return `U+${hex(sign).toUpperCase()}`;
}

function hex(sign: string): string {
  return (sign.codePointAt(0) ?? 0).toString(16).padStart(4, '0');
}

/** A text from elsewhere in one line: control characters and breaks become spaces. */
export const oneLine = (text: string): string => text.replace(/[\p{Cc}\s]+/gu, ' ').trim();

/** What the `%XX` in a text stand for; null: they stand for no text. */
export function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** The beginning of a sentence. */
export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
