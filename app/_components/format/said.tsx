'use client';

import { useServerSentence } from './use-server-sentence';

/** What the server says, in the reader's language where it can be. */
export function Said({ text }: { readonly text: string }) {
  return useServerSentence()(text);
}
