/** Where to go after signing in: a page of this site, never an address that was put in a link. */
export function safeNext(next: string | null, origin: string): string {
  if (next === null || !URL.canParse(next, origin)) return '/';
  // As the browser reads it: tabs and line breaks vanish, a backslash is a slash.
  const { origin: where, pathname, search, hash } = new URL(next, origin);
  const isPage = where === origin && !pathname.startsWith('//') && !pathname.startsWith('/sign-in');
  return isPage ? pathname + search + hash : '/';
}
