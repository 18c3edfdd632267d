/** JSON that jsonb takes: it refuses NUL and lone surrogates, which other people's error messages may hold. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, member: unknown) =>
    typeof member === 'string' ? Buffer.from(member.replaceAll('\0', '\u{fffd}'), 'utf8').toString('utf8') : member,
  );
}
