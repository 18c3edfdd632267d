'use client';

import { useIsList } from '@/app/_queries/splits';
import { useSplitsStream, useStream } from '@/app/_queries/stream';
import { StateInTab } from './state-in-tab';

/** One stream for the whole dashboard, whichever page is open: browsers keep few connections to one host for all tabs. */
export function Live() {
  const isList = useIsList();
  useStream(!isList);
  useSplitsStream(isList);
  return <StateInTab />;
}
