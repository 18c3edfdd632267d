'use client';

import { useStream } from '@/app/_queries/stream';
import { StateInTab } from './state-in-tab';

/** One stream for the whole dashboard, whichever page is open. */
export function Live() {
  useStream();
  return <StateInTab />;
}
