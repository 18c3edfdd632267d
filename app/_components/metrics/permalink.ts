/** What I see, in my language, for whoever opens it. */
export function permalink(page: { readonly documentElement: { readonly lang: string } }, href: string): string {
  const url = new URL(href);
  url.searchParams.set('lang', page.documentElement.lang);
  return url.toString();
}
