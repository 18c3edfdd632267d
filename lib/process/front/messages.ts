/** What a web process tells the supervisor that started it. */
export type FromWeb =
  | { readonly listening: { readonly address: string; readonly port: number } }
  /** It could not open its port, in a sentence. */
  | { readonly refused: string; readonly code: string };

/** What becomes of the pages that it was started without. */
export type ToWeb = { readonly pages: 'ready' } | { readonly pages: 'failed' };

/** The word on its command line that the pages are still being built. */
export const pagesLater = '--pages-later';

/** The word on its command line that the pages could not be built. */
export const pagesFailed = '--pages-failed';
