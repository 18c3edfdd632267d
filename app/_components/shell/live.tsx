'use client';

import { useIsList } from '@/app/_queries/splits';
import { useSplitsStream, useStream } from '@/app/_queries/stream';
import { StateInTab } from './state-in-tab';

/** One stream for the whole dashboard, whichever page is open; the list of splits has its own beside it. */
export function Live() {
  useStream();
  useSplitsStream(useIsList());
  return <StateInTab />;
}
