/** JSON that jsonb takes: it refuses NUL and half a surrogate pair, which other people's error messages may hold. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value ?? null);
  // Nearly no text has them, and what merely looks so is only cleaned for nothing.
  return /\\u(?:0000|d[89a-f])/i.test(text) ? JSON.stringify(value, cleaned) : text;
}

/** Both become the replacement character. */
function cleaned(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return clean(value);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [clean(key), each]));
}

const clean = (text: string) => text.replace(/\p{Surrogate}/gu, '\ufffd').replaceAll('\u0000', '\ufffd');
