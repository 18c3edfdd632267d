const codes = /^(?:CONNECT_TIMEOUT|CONNECTION_|ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EHOST|ENETUNREACH|57P0[1-3])/;

/** What to say when nobody answers; null when somebody did, and the fault is another. The password is never in it. */
export function awaySentence(error: unknown): string | null {
  const { message, code } = error as { message?: string; code?: string };
  if (!codes.test(code ?? '')) return null;
  return `the database of DATABASE_URL does not answer: ${message || code}`;
}
