'use client';

import { useLiveSplits } from '@/app/_queries/splits';
import { Overview } from '../overview/overview';
import { SplitsBoard } from './splits-board';

/** With one split its overview; with more, all of them. */
export function Home() {
  return useLiveSplits().length > 1 ? <SplitsBoard /> : <Overview />;
}
