/** A link to what this page shows, in its language. */
export function permalink(page: { readonly documentElement: { readonly lang: string } }, href: string): string {
  const url = new URL(href);
  url.searchParams.set('lang', page.documentElement.lang);
  return url.toString();
}
